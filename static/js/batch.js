// Ticked rows bring up the bar of things to do with all of them.

function boxes(form) {
  return [...form.querySelectorAll("tbody input[type=checkbox]:not(:disabled)")];
}

function refresh(form) {
  const all = boxes(form);
  const ticked = all.filter((box) => box.checked).length;
  const bar = form.querySelector("[data-batch-bar]");
  const head = form.querySelector("[data-check-all]");
  for (const place of form.querySelectorAll("[data-batch-count]")) place.textContent = ticked;
  if (bar) bar.hidden = ticked === 0;
  if (head) {
    head.checked = ticked > 0 && ticked === all.length;
    head.indeterminate = ticked > 0 && ticked < all.length;
  }
}

let last = null;

document.addEventListener("click", (event) => {
  const box = event.target;
  const form = box.matches?.("input[type=checkbox]") && box.closest("form[data-batch]");
  if (!form) return;
  if (box.matches("[data-check-all]")) {
    for (const each of boxes(form)) each.checked = box.checked;
  } else {
    const all = boxes(form);
    const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
    if (event.shiftKey && from >= 0) for (const each of all.slice(from, to + 1)) each.checked = box.checked;
    last = box;
  }
  refresh(form);
});

function all(root) {
  for (const form of root.querySelectorAll("form[data-batch]")) refresh(form);
  if (root.matches?.("form[data-batch]")) refresh(root);
}

all(document);
document.addEventListener("htmx:load", (event) => all(event.detail.elt));
window.addEventListener("pageshow", () => all(document));
