// What was typed into a form with data-draft stays in this browser until the form has been saved.
// A lost network, a closed window or an expired session then costs nobody a page of text.

const PREFIX = "draft:";
const KEEP_DAYS = 14;
const toasts = document.getElementById("toasts");

function key(form) {
  return `${PREFIX}${document.body.dataset.person ?? ""}:${form.dataset.draft}`;
}

function fields(form) {
  return [...form.elements].filter(
    (field) => field.name && !["file", "hidden", "password", "submit", "button"].includes(field.type)
  );
}

function state(form) {
  return fields(form).map((field) => {
    if (field.type === "checkbox" || field.type === "radio") return [field.name, field.value, field.checked];
    if (field.multiple) return [field.name, [...field.selectedOptions].map((option) => option.value)];
    return [field.name, field.value];
  });
}

function fill(form, saved) {
  fields(form).forEach((field, at) => {
    const [name, value, checked] = saved[at] ?? [];
    if (name !== field.name) return;
    if (field.type === "checkbox" || field.type === "radio") field.checked = Boolean(checked);
    else if (field.multiple) for (const option of field.options) option.selected = value.includes(option.value);
    else field.value = value;
    field.tomselect?.sync();
  });
}

function read(form) {
  try {
    return JSON.parse(localStorage.getItem(key(form)));
  } catch {
    return null;
  }
}

function forget(name) {
  try {
    localStorage.removeItem(name);
  } catch {
    // A browser that stores nothing has nothing to forget.
  }
}

function offer(form, blank) {
  const note = document.createElement("div");
  note.className = "note note-remind no-print";
  note.setAttribute("role", "status");
  const words = document.createElement("div");
  words.textContent = toasts.dataset.restored;
  const discard = document.createElement("button");
  discard.type = "button";
  discard.className = "btn btn-sm";
  discard.textContent = toasts.dataset.discard;
  discard.addEventListener("click", () => {
    forget(key(form));
    fill(form, blank);
    note.remove();
  });
  note.append(words, discard);
  form.before(note);
}

function start(form) {
  if (form.dataset.draftOn) return;
  form.dataset.draftOn = "yes";
  const blank = state(form);
  const saved = read(form);
  const faulty = form.querySelector("[aria-invalid=true], .form-errors");
  if (saved && !faulty && JSON.stringify(saved.state) !== JSON.stringify(blank)) {
    fill(form, saved.state);
    offer(form, blank);
  }
  form.addEventListener("input", () => {
    try {
      localStorage.setItem(key(form), JSON.stringify({ at: Date.now(), state: state(form) }));
    } catch {
      // Storage may be full or forbidden; the form still works.
    }
  });
  form.addEventListener("submit", () => sessionStorage.setItem("draft-sent", key(form)));
}

// The page after a form that was sent: without faults the draft has done its work.
function settle() {
  const sent = sessionStorage.getItem("draft-sent");
  if (!sent) return;
  sessionStorage.removeItem("draft-sent");
  const same = [...document.querySelectorAll("form[data-draft]")].find((form) => key(form) === sent);
  if (!same?.querySelector("[aria-invalid=true], .form-errors")) forget(sent);
}

function sweep() {
  const oldest = Date.now() - KEEP_DAYS * 24 * 3600 * 1000;
  for (const name of Object.keys(localStorage)) {
    if (!name.startsWith(PREFIX)) continue;
    const saved = JSON.parse(localStorage.getItem(name) ?? "null");
    if (!saved?.at || saved.at < oldest) forget(name);
  }
}

function all(root) {
  for (const form of root.querySelectorAll("form[data-draft]")) start(form);
  if (root.matches?.("form[data-draft]")) start(root);
}

// A page that sends the person elsewhere with what he began to write wants no draft of it kept.
function drop(root) {
  for (const place of root.querySelectorAll("[data-draft-forget]")) {
    forget(`${PREFIX}${document.body.dataset.person ?? ""}:${place.dataset.draftForget}`);
  }
}

settle();
drop(document);
try {
  sweep();
} catch {
  // Nothing stored, nothing to sweep.
}
all(document);
document.addEventListener("htmx:load", (event) => all(event.detail.elt));
