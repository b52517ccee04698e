// On one's own phone tickets are fetched by themselves, on any page, long before one votes: from the
// hour nobody can tell then who voted when. On a computer that others use nothing is fetched or kept.

import { Refusal, descriptionOf, fetchTickets, seats, wait } from "./issue.js";
import { deviceStore, isOwnDevice, saidOfDevice, sayOfDevice } from "./store.js";

const ASKED = "ballots:asked";
const EVERY = 10 * 60 * 1000;
const LONGEST_DELAY = 5000;
const words = document.getElementById("tickets-script")?.dataset ?? {};
const choice = document.querySelector("[data-my-device]");

async function fetchQuietly() {
  if (!isOwnDevice() || !globalThis.crypto?.subtle || Date.now() - Number(localStorage.getItem(ASKED)) < EVERY) return;
  localStorage.setItem(ASKED, Date.now());
  await wait(Math.random() * LONGEST_DELAY);
  const store = await deviceStore();
  const mine = store && (await seats());
  let fetched = 0;
  for (const round of mine?.rounds ?? []) {
    const { manifest } = await descriptionOf(round.election, store);
    const done = await fetchTickets({ ...round, voter: mine.voter, csrf: mine.csrf }, manifest, store);
    fetched += done.fetched;
  }
  if (fetched) say(words.fetched);
  await describe();
}

function say(sentence) {
  const note = document.createElement("div");
  note.className = "note note-remind no-print";
  note.setAttribute("role", "status");
  note.textContent = sentence;
  document.querySelector(".page-head")?.after(note);
}

async function describe() {
  const place = choice?.querySelector("[data-device-state]");
  if (!place) return;
  for (const radio of choice.querySelectorAll("input[name=device]")) {
    radio.checked = radio.value === (isOwnDevice() ? "own" : saidOfDevice());
  }
  const tickets = (await (await deviceStore())?.all("tickets"))?.filter((one) => one.signature) ?? [];
  place.textContent = tickets.length ? choice.dataset.here.replace("{n}", tickets.length) : choice.dataset.none;
}

async function fetchOrSayWhyNot() {
  try {
    await fetchQuietly();
  } catch (fault) {
    // No network is no news: it is tried again. A key that changed is.
    if (fault instanceof Refusal && fault.code === "changed") say(words.changed);
    if (fault instanceof Refusal && fault.code === "taken") say(fault.detail);
  }
}

choice?.addEventListener("change", async (event) => {
  await sayOfDevice(event.target.value);
  localStorage.removeItem(ASKED);
  await describe();
  await fetchOrSayWhyNot();
});
describe().catch(() => {});
fetchOrSayWhyNot();
