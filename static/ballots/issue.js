// Rules and keys of an election, pinned to this device, and the tickets that are fetched with them.

import { blind, finalize, importPublicKey, prepare } from "./blind.js";
import { digest, fromBase64, toBase64 } from "./sealing.js";

const ANONYMOUSLY = { credentials: "omit", referrerPolicy: "no-referrer", cache: "no-cache" };

// Why something was not done; `code` is for this program, `detail` for people.
export class Refusal extends Error {
  constructor(code, detail = "") {
    super(detail || code);
    this.code = code;
    this.detail = detail;
  }
}

// The public description of an election. Whoever showed this device another one before, or shows it
// another one than the page names, could mark it by its keys: then nothing is done with it.
export async function descriptionOf(election, store, expected = "") {
  const answer = await fetch(`/box/${election}/election.json`, ANONYMOUSLY);
  if (!answer.ok) throw new Refusal(answer.status === 404 ? "gone" : "unreachable");
  const written = await answer.text();
  const found = await digest(written);
  const pin = await store.get("pins", election);
  if ((pin && pin.digest !== found) || (expected && expected !== found)) throw new Refusal("changed");
  if (!pin) await store.put("pins", { key: election, digest: found });
  const now = Date.parse(answer.headers.get("Date")) || Date.now();
  return { manifest: JSON.parse(written), digest: found, now };
}

// Boxes for which the one who is signed in may fetch tickets; null where nobody is signed in.
export async function seats() {
  const answer = await fetch("/voting/tickets/", { headers: { Accept: "application/json" } });
  const isData = answer.headers.get("Content-Type")?.startsWith("application/json");
  if (answer.redirected || answer.status === 403) return null;
  if (!answer.ok || !isData) throw new Refusal("unreachable");
  return answer.json();
}

// Fetch what is missing of one election's tickets, all in one request. What was blinded is kept
// before it is sent, so that the same is asked again when the answer is lost; one tab at a time,
// or two would blind differently for one ticket.
export function fetchTickets(round, manifest, store) {
  const work = () => fetchMissing(round, manifest, store);
  return navigator.locks ? navigator.locks.request("ballots", work) : work();
}

async function fetchMissing({ election, boxes, voter, csrf }, manifest, store) {
  const pin = await store.get("pins", election);
  if (pin?.voter && pin.voter !== voter) throw new Refusal("another");
  await store.put("pins", { ...pin, key: election, voter });
  const keys = new Map(manifest.boxes.map((box) => [box.id, box.key]));
  const wanted = [];
  let lost = 0;
  for (const { box, issued } of boxes) {
    const known = await store.get("tickets", box);
    if (known?.signature) continue;
    if (!keys.get(box)) throw new Refusal("changed");
    if (known || !issued) wanted.push(known ?? (await begin(election, box, keys.get(box), store)));
    else lost += 1;
  }
  if (wanted.length) await finish(election, wanted, keys, csrf, store);
  return { fetched: wanted.length, lost };
}

async function begin(election, box, key, store) {
  const message = prepare();
  const { blinded, secret } = await blind(await importPublicKey(key), message);
  const pending = { key: box, election, message, blinded, secret };
  await store.put("tickets", pending);
  return pending;
}

async function finish(election, wanted, keys, csrf, store) {
  const blinded = Object.fromEntries(wanted.map((one) => [one.key, toBase64(one.blinded)]));
  const answer = await fetch(`/voting/${election}/tickets/`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
    body: JSON.stringify({ blinded }),
  });
  if (answer.redirected) throw new Refusal("signed_out");
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refusal(said.error ?? "unreachable", said.detail);
  for (const { key, message, secret } of wanted) {
    const signer = await importPublicKey(keys.get(key));
    const signature = await finalize(signer, message, fromBase64(said.signed[key]), secret);
    await store.put("tickets", { key, election, message, signature });
  }
}

export async function ticketsOf(election, store) {
  const tickets = await store.all("tickets");
  return new Map(tickets.filter((one) => one.election === election && one.signature).map((one) => [one.key, one]));
}

export function wait(milliseconds) {
  return new Promise((done) => setTimeout(done, milliseconds));
}
