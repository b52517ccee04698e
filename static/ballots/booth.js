// The booth: one screen for each head, a look at everything, and the ballots go off sealed. It asks
// nobody who is voting; grades stay in this tab until they are sealed, and are forgotten then.

import { castAll, commentFor, gradesFor, inGroups } from "./casting.js";
import { commentCard, lengthOf } from "./comment.js";
import { Refusal, descriptionOf, fetchTickets, seats, ticketsOf } from "./issue.js";
import { deviceStore, isOwnDevice, memoryStore } from "./store.js";

const place = document.getElementById("booth");
const words = document.getElementById("words").dataset;
const { election, digest } = place.dataset;
const inEnglish = document.documentElement.lang === "en";
const draftName = `booth:${election}`;

let store, manifest, heads;
let unsent = 0;

// Screens

function screen(name, fill = () => {}) {
  const shown = document.getElementById(`screen-${name}`).content.cloneNode(true);
  fill(shown);
  place.replaceChildren(shown);
  scrollTo(0, 0);
  const head = place.querySelector("h1");
  head?.setAttribute("tabindex", "-1");
  head?.focus({ preventScroll: true });
  place.removeAttribute("aria-busy");
}

function put(root, name, text) {
  for (const one of root.querySelectorAll(`[data-put="${name}"]`)) one.textContent = text;
}

function message(name, detail = "") {
  screen(name, (root) => {
    put(root, "detail", detail);
    put(root, "opens", moment(manifest?.opens_at));
    put(root, "closes", moment(manifest?.closes_at));
  });
}

function moment(written) {
  if (!written) return "";
  const how = { timeZone: "Asia/Shanghai", month: "long", day: "numeric", weekday: "short", hour: "2-digit", minute: "2-digit" };
  return new Intl.DateTimeFormat(document.documentElement.lang, how).format(new Date(written));
}

function copyOf(root, name) {
  return root.querySelector(`template[data-each="${name}"]`).content.firstElementChild.cloneNode(true);
}

// The browser's own way back leads to the screen before, not out of the booth.
function goTo(at, { isBack = false } = {}) {
  if (!isBack) history.pushState({ at }, "");
  if (at === -1) welcome();
  else if (at < heads.length) headScreen(at);
  else checkScreen();
}

addEventListener("popstate", (event) => {
  if (heads?.some((one) => one.vote)) goTo(event.state?.at ?? -1, { isBack: true });
});

// Beginning

function welcome() {
  screen("welcome", (root) => {
    put(root, "count", words.heads.replace("{n}", heads.length));
    put(root, "closes", moment(manifest.closes_at));
    put(root, "device", store.isKept ? words.own : words.shared);
    root.querySelector("[data-do=start]").addEventListener("click", () => goTo(0));
  });
}

function headsOf(tickets) {
  const found = new Map(manifest.subjects.map((subject) => [subject.id, { subject }]));
  for (const { id, subject, kind, label, named } of manifest.boxes) {
    const ticket = tickets.get(id);
    if (ticket) Object.assign(found.get(subject), kind === "comment" ? { comment: ticket } : { grade: ticket, label, named });
  }
  return [...found.values()].filter((one) => one.grade).map((one) => ({ ...one, vote: blankVote() }));
}

function blankVote() {
  return { grades: manifest.dimensions.map(() => 0), isSkipped: false, chips: [], words: "" };
}

// One head

function headScreen(at) {
  const { subject, vote, comment, named } = heads[at];
  screen("head", (root) => {
    put(root, "progress", words.progress.replace("{n}", at + 1).replace("{of}", heads.length));
    put(root, "name", subject.name);
    put(root, "post", [subject.unit, subject.post].filter(Boolean).join(" · "));
    root.querySelector("[data-named]").hidden = !named;
    gradeRows(root, vote);
    const card = root.querySelector("[data-comment]");
    card.hidden = !comment;
    if (comment) commentCard(card, vote, manifest, words, keepDraft);
    root.querySelector("[data-do=back]").addEventListener("click", () => history.back());
    root.querySelector("[data-do=skip]").addEventListener("click", () => leave(at, true));
    root.querySelector("[data-do=next]").addEventListener("click", () => leave(at, false));
    put(root, "next", at + 1 < heads.length ? words.next : words.check);
  });
}

function gradeRows(root, vote) {
  const rows = root.querySelector("[data-rows]");
  const shortcut = row(root, words.all, "all", (grade) => {
    vote.grades.fill(grade);
    for (const radio of rows.querySelectorAll("input")) radio.checked = Number(radio.value) === grade;
  }, vote.grades.every((grade) => grade === vote.grades[0]) ? vote.grades[0] : 0);
  shortcut.classList.add("row-all");
  const single = manifest.dimensions.map((name, at) =>
    row(root, name, `dimension-${at}`, (grade) => {
      vote.grades[at] = grade;
      for (const radio of shortcut.querySelectorAll("input")) radio.checked = vote.grades.every((one) => one === Number(radio.value));
    }, vote.grades[at]),
  );
  rows.append(shortcut, ...single);
  rows.addEventListener("change", () => {
    vote.isSkipped = false;
    place.querySelector("[data-fault]").hidden = true;
    keepDraft();
  });
}

function row(root, legend, name, choose, chosen = 0) {
  const field = copyOf(root, "row");
  field.querySelector("legend").textContent = legend;
  for (const [at, grade] of manifest.grades.entries()) {
    const choice = copyOf(root, "choice");
    const radio = choice.querySelector("input");
    Object.assign(radio, { name, value: at + 1, checked: chosen === at + 1 });
    radio.addEventListener("change", () => choose(at + 1));
    choice.dataset.grade = grade.code;
    choice.querySelector("span").textContent = gradeName(at + 1);
    field.querySelector(".choices").append(choice);
  }
  return field;
}

function gradeName(grade) {
  const { name, name_en: english } = manifest.grades[grade - 1] ?? {};
  return (inEnglish && english) || name || words.blank;
}

function leave(at, isSkipped) {
  const { vote } = heads[at];
  const missing = manifest.dimensions.filter((_, dimension) => !vote.grades[dimension]);
  if (!isSkipped && missing.length) return fault(words.missing.replace("{names}", missing.join(words.comma)));
  if (lengthOf(vote.words) > 200) return fault(words.toolong);
  if (isSkipped) Object.assign(vote, blankVote(), { isSkipped });
  keepDraft();
  goTo(at + 1);
}

function fault(sentence) {
  const note = place.querySelector("[data-fault]");
  note.textContent = sentence;
  note.hidden = false;
  note.scrollIntoView({ block: "nearest" });
}

// A look at everything

function checkScreen() {
  screen("check", (root) => {
    const list = root.querySelector("[data-list]");
    list.append(...heads.map((head, at) => checked(root, head, at)));
    root.querySelector("[data-same]").hidden = !isAllTheSame();
    const submit = root.querySelector("[data-do=submit]");
    submit.disabled = heads.every((head) => head.vote.isSkipped);
    submit.addEventListener("click", () => {
      submit.disabled = true;
      send();
    });
    root.querySelector("[data-do=back]").addEventListener("click", () => history.back());
  });
}

function checked(root, { subject, vote }, at) {
  const line = copyOf(root, "head");
  put(line, "name", subject.name);
  put(line, "unit", subject.unit);
  const named = vote.grades.map((grade, dimension) => `${manifest.dimensions[dimension]} ${gradeName(grade)}`);
  put(line, "grades", vote.isSkipped ? words.skipped : named.join(words.comma));
  const said = [...vote.chips.map((chip) => manifest.chips[chip - 1]), vote.words.trim()].filter(Boolean);
  put(line, "words", said.join(words.comma));
  const change = line.querySelector("[data-do=change]");
  change.setAttribute("aria-label", words.change.replace("{name}", subject.name));
  change.addEventListener("click", () => goTo(at));
  return line;
}

function isAllTheSame() {
  const given = heads.filter((head) => !head.vote.isSkipped).map((head) => head.vote.grades.join());
  return given.length > 1 && new Set(given).size === 1 && new Set(given[0].split(",")).size === 1;
}

// Sending

async function send() {
  const ballots = await sealed();
  for (const head of heads) head.vote = null;
  forgetDraft();
  for (const ballot of ballots) await store.put("unsent", ballot);
  await follow(ballots);
}

async function sealed() {
  const ballots = [];
  for (const { subject, vote, grade, comment } of heads.filter((head) => !head.vote.isSkipped)) {
    const about = { name: subject.name };
    ballots.push({ ...(await gradesFor(manifest, grade, vote.grades)), ...about });
    const hasComment = comment && (vote.chips.length || vote.words.trim());
    if (hasComment) ballots.push({ ...(await commentFor(manifest, comment, { chips: vote.chips, words: vote.words.trim() })), ...about });
  }
  return ballots;
}

async function follow(ballots) {
  unsent = ballots.length;
  sentScreen(ballots);
  await castAll(ballots, manifest, store, heard);
  const refused = place.querySelectorAll("[data-state=refused]").length;
  place.querySelector("[data-sending]").hidden = true;
  const done = place.querySelector(refused ? "[data-some-refused]" : "[data-done]");
  done.hidden = false;
  put(place, "heading", refused ? words.notall : words.received);
}

function sentScreen(ballots) {
  history.replaceState(null, "");
  screen("sent", (root) => {
    const list = root.querySelector("[data-list]");
    for (const ballot of ballots) {
      const line = copyOf(root, "ballot");
      line.dataset.ballot = ballot.key;
      put(line, "name", ballot.comment ? words.commentabout.replace("{name}", ballot.name) : ballot.name);
      list.append(line);
    }
    put(root, "keep", store.isKept ? words.checksitself : words.writedown);
    root.querySelector("[data-do=again]").addEventListener("click", () => begin());
  });
}

function heard(ballot, state, detail = "") {
  const line = place.querySelector(`[data-ballot="${ballot.key}"]`);
  line.dataset.state = state;
  put(line, "state", words[state]);
  put(line, "detail", detail);
  if (state === "accepted") put(line, "receipt", inGroups(ballot.receipt));
  if (state === "accepted" || state === "refused") unsent -= 1;
}

addEventListener("beforeunload", (event) => {
  if (unsent > 0 && !store.isKept) event.preventDefault();
});

// Drafts: while this tab lives, on one's own device only.

function keepDraft() {
  if (!store.isKept) return;
  const kept = heads.map(({ subject, vote }) => [subject.id, vote]);
  sessionStorage.setItem(draftName, JSON.stringify(kept));
}

function restoreDraft() {
  if (!store.isKept) return;
  const kept = new Map(JSON.parse(sessionStorage.getItem(draftName) ?? "[]"));
  for (const head of heads) Object.assign(head.vote, kept.get(head.subject.id));
}

function forgetDraft() {
  sessionStorage.removeItem(draftName);
}

// Opening

async function open() {
  if (!isSecureContext || !globalThis.crypto?.subtle) return message("insecure");
  store = (isOwnDevice() && (await deviceStore())) || memoryStore();
  const described = await descriptionOf(election, store, digest);
  manifest = described.manifest;
  const left = (await store.all("unsent")).filter((one) => one.election === election);
  if (left.length) return resume(left);
  return begin(described.now);
}

async function begin(now = Date.now()) {
  if (now >= Date.parse(manifest.closes_at)) return message("closed");
  if (now < Date.parse(manifest.tickets_from)) return message("early");
  const tickets = await withTickets();
  if (!tickets) return undefined;
  if (now < Date.parse(manifest.opens_at)) return message("ready");
  heads = headsOf(tickets);
  restoreDraft();
  history.replaceState({ at: -1 }, "");
  return welcome();
}

// Ballots that were sealed the last time and did not get through.
async function resume(ballots) {
  const known = new Map(manifest.boxes.map((box) => [box.id, box.subject]));
  const names = new Map(manifest.subjects.map((subject) => [subject.id, subject.name]));
  await follow(ballots.map((ballot) => ({ ...ballot, name: names.get(known.get(ballot.key)) })));
}

// The tickets of this device, or fetched on the spot by whoever is signed in; null if there are none.
async function withTickets() {
  const here = await ticketsOf(election, store);
  if (here.size) return here;
  const mine = await seats();
  if (mine === null) return void message("sign-in");
  const round = mine.rounds.find((one) => one.election === election);
  if (!round) return void message("not-on-the-roll");
  await fetchTickets({ ...round, voter: mine.voter, csrf: mine.csrf }, manifest, store);
  const fetched = await ticketsOf(election, store);
  return fetched.size ? fetched : void message("taken");
}

async function openOrSayWhyNot() {
  try {
    await open();
  } catch (trouble) {
    const known = trouble instanceof Refusal && document.getElementById(`screen-${trouble.code}`);
    message(known ? trouble.code : "unreachable", trouble.detail ?? "");
  }
}

openOrSayWhyNot();
