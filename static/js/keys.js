// Shortcuts for people who work through lists all day. None works while typing, nor while an input
// method is composing: Chinese typists would trigger them otherwise.

const help = document.getElementById("keys-help");
let awaitingPlace = false;

function typing(event) {
  if (event.isComposing || event.keyCode === 229) return true;
  const at = event.target;
  return at.isContentEditable || Boolean(at.closest?.("input:not([type=checkbox]):not([type=radio]), textarea, select, .ts-wrapper, dialog"));
}

function rows() {
  return [...document.querySelectorAll("table[data-list] > tbody > tr")];
}

function here() {
  return document.querySelector("table[data-list] > tbody > tr.is-here");
}

function step(by) {
  const all = rows();
  if (!all.length) return;
  const now = all.indexOf(here());
  const next = all[Math.min(all.length - 1, Math.max(0, now + by))] ?? all[0];
  here()?.classList.remove("is-here");
  next.classList.add("is-here");
  (next.querySelector("a.row-link, a") ?? next.querySelector("input"))?.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

const verbs = {
  j: () => step(1),
  k: () => step(-1),
  x: (shiftKey) => here()?.querySelector("input[type=checkbox]")
    ?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, shiftKey })),
  "?": () => help?.showModal(),
  "/": () => searchField()?.focus(),
  Enter: () => open(),
};

function searchField() {
  const fields = [...document.querySelectorAll("[data-filters] input[type=search], [data-filters] input[name=q], [data-search]")];
  return fields.find((field) => field.offsetParent !== null);
}

function open() {
  if (document.activeElement?.closest("a, button, summary, label")) return false;
  const link = here()?.querySelector("a.row-link, a");
  link?.click();
  return Boolean(link);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event)) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (awaitingPlace) {
    awaitingPlace = false;
    const place = document.querySelector(`[data-go="${CSS.escape(key)}"]`);
    if (place) {
      event.preventDefault();
      place.click();
    }
    return;
  }
  if (key === "g") {
    awaitingPlace = true;
    setTimeout(() => { awaitingPlace = false; }, 1500);
    return;
  }
  const verb = verbs[key];
  if (verb && verb(event.shiftKey) !== false && key !== "Enter") event.preventDefault();
});
