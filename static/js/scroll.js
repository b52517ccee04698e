// A box that scrolls sideways can be reached and moved with the keyboard.

function mark(box) {
  const scrolls = box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight;
  const name = box.querySelector("caption")?.textContent.trim();
  if (scrolls && getComputedStyle(box).overflowX !== "visible") {
    box.tabIndex = 0;
    if (name) {
      box.setAttribute("role", "region");
      box.setAttribute("aria-label", name);
    }
  } else {
    box.removeAttribute("tabindex");
    box.removeAttribute("role");
    box.removeAttribute("aria-label");
  }
}

function all() {
  for (const box of document.querySelectorAll(".table-responsive")) mark(box);
}

all();
document.addEventListener("htmx:load", all);
window.addEventListener("resize", all);
