// What a swap means for the person: a busy bar, a sentence when it failed, and the focus afterwards.

const toasts = document.getElementById("toasts");

function say(text, link) {
  const note = document.createElement("div");
  note.className = "note note-overdue";
  const words = document.createElement("div");
  words.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn btn-sm";
  close.textContent = toasts.dataset.dismiss;
  close.addEventListener("click", () => note.remove());
  note.append(words, ...(link ? [link] : []), close);
  toasts.replaceChildren(note);
}

let underway = 0;

function busy(change) {
  underway = Math.max(0, underway + change);
  document.documentElement.classList.toggle("is-busy", underway > 0);
}

// A button pressed twice sends once: the second press is dropped before htmx lays it up to be sent
// next, and after the answer too where that leads to another page.
document.addEventListener("htmx:confirm", (event) => {
  if (event.detail.elt.dataset.underway) event.preventDefault();
});
document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt, requestConfig } = event.detail;
  if (elt.matches("form") && requestConfig.verb !== "get") elt.dataset.underway = "yes";
  busy(1);
});
document.addEventListener("htmx:afterRequest", (event) => {
  const { elt, xhr } = event.detail;
  if (!xhr.getResponseHeader("HX-Redirect")) delete elt.dataset.underway;
  busy(-1);
});

// The address says what was asked for and nothing else, and the same question is one step of the way back.
document.addEventListener("htmx:configRequest", (event) => {
  const { elt, verb, formData } = event.detail;
  if (verb !== "get" || !elt.matches("form[data-filters]")) return;
  for (const [name, value] of [...formData]) if (value === "") formData.delete(name);
});
document.addEventListener("htmx:beforeHistoryUpdate", (event) => {
  const { history } = event.detail;
  if (history.path === location.pathname + location.search) history.type = "replace";
});

document.addEventListener("htmx:sendError", () => say(toasts.dataset.offline));
document.addEventListener("htmx:timeout", () => say(toasts.dataset.offline));
document.addEventListener("htmx:responseError", (event) => {
  const refused = [401, 403].includes(event.detail.xhr.status);
  say(refused ? toasts.dataset.refused : toasts.dataset.failed);
});

// Whose session has ended is led to the sign-in page; that page has no place inside this one.
document.addEventListener("htmx:beforeSwap", (event) => {
  const answered = new URL(event.detail.xhr.responseURL || location.href, location.href);
  const signIn = toasts.dataset.signIn;
  if (!signIn || answered.pathname !== signIn || location.pathname === signIn) return;
  event.detail.shouldSwap = false;
  const link = document.createElement("a");
  link.className = "btn btn-sm";
  link.href = `${signIn}?${new URLSearchParams({ next: location.pathname + location.search })}`;
  link.textContent = toasts.dataset.enterAgain;
  say(toasts.dataset.signedOut, link);
});

// A form that came back with faults shows its summary first; elsewhere focus stays where it was.
document.addEventListener("htmx:afterSettle", (event) => {
  const swapped = event.detail.elt;
  const wanted = swapped.matches("[data-focus]") ? swapped : swapped.querySelector("[data-focus]");
  if (wanted) {
    wanted.focus();
    wanted.scrollIntoView({ block: "nearest" });
  }
});

// A page that arrived with faults does the same without a swap.
document.querySelector("[data-focus]")?.focus();

// A link of the error summary leads to the first control of its field.
document.addEventListener("click", (event) => {
  const link = event.target.closest(".form-errors a[href^='#']");
  const target = link && document.getElementById(link.hash.slice(1));
  if (!target) return;
  event.preventDefault();
  const control = target.tomselect ?? (target.matches("input, select, textarea") ? target : null);
  (control ?? target.querySelector("input, select, textarea") ?? target).focus();
});

// The same without htmx.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sending) {
    event.preventDefault();
    return;
  }
  form.dataset.sending = "yes";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sending]")) delete form.dataset.sending;
});
