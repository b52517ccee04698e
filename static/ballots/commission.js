// The commission's computer: makes the key, shows each share to its keeper alone, and sends only what
// everybody may know. A share stands on the screen and in this module's memory, and nowhere else.

import { newSealKey, uuidBytes } from "./sealing.js";

const maker = document.getElementById("key-maker");
const stages = [...maker.querySelectorAll("[data-stage]")];
const show = (name) => maker.querySelector(`[data-show="${name}"]`);
const field = (name) => maker.querySelector(`[data-field="${name}"]`);
const PROOF = 4;

let made = null;
let seat = 0;

function go(stage) {
  for (const one of stages) one.hidden = one.dataset.stage !== stage;
  for (const one of maker.querySelectorAll("[data-call]")) one.hidden = Number(one.dataset.call) !== seat;
  maker.querySelector(`[data-stage="${stage}"]`).focus?.();
}

async function send(address, body) {
  const answer = await fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
    body: JSON.stringify(body),
  });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.detail);
  return said;
}

function token() {
  return JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
}

async function begin() {
  go("working");
  const { election } = await send(maker.dataset.begin, {});
  made = await newSealKey(uuidBytes(election));
  call(1);
}

function call(next) {
  seat = next;
  hide();
  go("call");
}

function reveal() {
  show("share").textContent = made.shares[seat - 1];
  go("share");
}

function hide() {
  show("share").textContent = "";
  show("fault").textContent = "";
  field("proof").value = "";
  field("copied").checked = false;
}

function isProven() {
  const typed = field("proof").value.normalize("NFKC").replace(/[\s\p{Pd}]/gu, "").toUpperCase()
    .replaceAll("O", "0").replace(/[IL]/g, "1");
  return field("copied").checked && typed === made.shares[seat - 1].slice(-PROOF);
}

async function next() {
  if (!isProven()) {
    show("fault").textContent = maker.dataset.wrong;
    field("proof").focus();
    return;
  }
  if (seat < made.shares.length) {
    call(seat + 1);
    return;
  }
  const { public: publicKey, wrapped } = made;
  made = null;
  hide();
  go("working");
  const { next: address } = await send(maker.dataset.keep, { public: publicKey, wrapped });
  location.assign(address);
}

function failed(fault) {
  made = null;
  hide();
  show("failed").textContent = fault instanceof TypeError ? maker.dataset.failed : fault.message;
  go("failed");
}

const acts = { begin, show: reveal, print: () => window.print(), again: () => go("ready") };

if (window.isSecureContext && crypto.subtle) {
  maker.addEventListener("click", (event) => {
    const act = acts[event.target.closest("button[type=button]")?.dataset.act];
    if (act) Promise.resolve().then(act).catch(failed);
  });
  maker.querySelector('[data-stage="share"]').addEventListener("submit", (event) => {
    event.preventDefault();
    next().catch(failed);
  });
  // A page that comes back from the browser's own store shows nothing of what stood on it.
  window.addEventListener("pagehide", () => {
    made = null;
    hide();
    go("ready");
  });
} else {
  document.getElementById("no-secure-context").hidden = false;
  maker.hidden = true;
}
