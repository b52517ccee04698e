// Sealed ballots on their way to the box: without cookies, apart from each other, again and again
// until each is confirmed. What is kept here can be sent by anybody and read by nobody.

import { wait } from "./issue.js";
import { encodeComment, encodeGrades, fromBase64, isAccepted, random, receipt, seal, toBase64, toHex } from "./sealing.js";

const LONGEST_DELAY = 3000;
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 30000;
const FINAL = new Set([400, 403, 404, 409, 507]);

// One sealed ballot with what lets it in; nobody can tell from it what was voted.
export async function closed(manifest, ticket, plain, about = {}) {
  const sealed = await seal(manifest.seal_key, plain);
  const { key, election, message, signature } = ticket;
  return { key, election, credential: message, signature, sealed, ...about };
}

export function gradesFor(manifest, ticket, grades) {
  return closed(manifest, ticket, encodeGrades(grades));
}

// The identifier of a comment is drawn here, so that this device can ask later what became of it.
export function commentFor(manifest, ticket, { chips, words }) {
  const id = random(16);
  const comment = toHex(id).replace(/^(.{8})(....)(....)(....)(.{12})$/, "$1-$2-$3-$4-$5");
  return closed(manifest, ticket, encodeComment({ id, chips, words }), { comment });
}

// Send every ballot that waits, in an order that says nothing. `tell(ballot, state, detail)` hears
// "sending", "retrying", "accepted" and "refused".
export async function castAll(waiting, manifest, store, tell) {
  const order = waiting.map((ballot) => [toHex(random(8)), ballot]).sort(([one], [other]) => (one < other ? -1 : 1));
  for (const [, ballot] of order) {
    await wait(Math.random() * (manifest.delay_ms ?? LONGEST_DELAY));
    await castUntilAnswered(ballot, manifest, store, tell);
  }
}

async function castUntilAnswered(ballot, manifest, store, tell) {
  tell(ballot, "sending");
  for (let pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
    const { status, said } = await post(ballot);
    if (status === 200) return accepted(ballot, said, manifest, store, tell);
    if (FINAL.has(status)) {
      await store.drop("unsent", ballot.key);
      return tell(ballot, "refused", said.detail ?? "");
    }
    tell(ballot, "retrying", said.detail ?? "");
    await Promise.race([wait(pause), backOnline()]);
  }
}

async function post(ballot) {
  const body = JSON.stringify({
    box: ballot.key,
    credential: toBase64(ballot.credential),
    signature: toBase64(ballot.signature),
    sealed: toBase64(ballot.sealed),
  });
  try {
    const answer = await fetch("/box/cast", {
      method: "POST",
      credentials: "omit",
      referrerPolicy: "no-referrer",
      cache: "no-store",
      headers: { "Content-Type": "application/json" },
      body,
    });
    return { status: answer.status, said: await answer.json() };
  } catch {
    return { status: 0, said: {} };
  }
}

// The ticket stays, for voting anew until the close; of the ballot only its receipt does.
async function accepted(ballot, said, manifest, store, tell) {
  const own = await receipt(ballot.key, ballot.credential, ballot.sealed);
  const isTrue = said.receipt === own && (await isAccepted(manifest.acceptance_key, own, said.signature)) !== false;
  if (!isTrue) {
    await store.drop("unsent", ballot.key);
    return tell(ballot, "refused", "");
  }
  const { key, election, comment } = ballot;
  await store.put("kept", { key, election, receipt: own, signature: fromBase64(said.signature), comment });
  await store.drop("unsent", key);
  return tell({ ...ballot, receipt: own }, "accepted");
}

function backOnline() {
  return new Promise((done) => addEventListener("online", done, { once: true }));
}

export function inGroups(receiptText) {
  return receiptText.match(/.{1,4}/g).join("-");
}
