// After the count the device looks for its own receipts on the board. Which ones they are, it asks
// nobody: it reads the whole board as everybody does.

import { isAccepted, toBase64 } from "./sealing.js";
import { deviceStore } from "./store.js";

const place = document.getElementById("own");
const { election, key, ...words } = place.dataset;

async function check() {
  const store = await deviceStore();
  const kept = store ? (await store.all("kept")).filter((one) => one.election === election) : [];
  if (!kept.length) return say(words.none);
  const answer = await fetch(`/box/${election}/board.json`, { credentials: "omit", referrerPolicy: "no-referrer" });
  const board = await answer.json();
  const receipts = new Map(board.boxes.map((box) => [box.id, new Set(box.receipts)]));
  const missing = kept.filter((one) => !receipts.get(one.key)?.has(one.receipt));
  const found = kept.length - missing.length;
  if (missing.length) await complain(missing);
  else say(words.counted.replace("{n}", found), "good");
  outcomes(kept, board.comments ?? {});
  return undefined;
}

function say(sentence, kind = "") {
  const note = place.querySelector("[data-result]");
  note.textContent = sentence;
  note.className = `note ${kind}`;
  note.hidden = false;
}

// Only what the server signed for can be claimed.
async function complain(missing) {
  say(words.missing.replace("{n}", missing.length), "bad");
  const text = place.querySelector("textarea");
  const lines = [];
  for (const { key: box, receipt, signature } of missing) {
    if ((await isAccepted(key, receipt, toBase64(signature))) === false) continue;
    const facts = { title: text.dataset.title, receipt, box, signature: toBase64(signature) };
    lines.push(text.dataset.words.replace(/\{(\w+)\}/g, (_, name) => facts[name]));
  }
  text.value = lines.join("\n\n");
  place.querySelector("[data-complaint]").hidden = !lines.length;
}

function outcomes(kept, decided) {
  const list = place.querySelector("[data-outcomes]");
  for (const { comment } of kept) {
    const sentence = comment && words[decided[comment]];
    if (!sentence) continue;
    const line = document.createElement("li");
    line.textContent = sentence;
    list.append(line);
  }
}

place.querySelector("[data-copy]").addEventListener("click", async () => {
  const text = place.querySelector("textarea");
  text.select();
  await navigator.clipboard?.writeText(text.value);
  place.querySelector("[data-copy]").textContent = words.copied;
});

check().catch(() => {});
