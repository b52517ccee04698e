// A table wider than its box scrolls inside it, and the box can then be reached with the keyboard;
// one that fits keeps its header in sight while the page scrolls.

function mark(box) {
  box.classList.remove("fits");
  const fits = box.scrollWidth <= box.clientWidth;
  const name = box.querySelector("caption")?.textContent.trim();
  box.classList.toggle("fits", fits);
  if (fits) {
    for (const attribute of ["tabindex", "role", "aria-label"]) box.removeAttribute(attribute);
    return;
  }
  box.tabIndex = 0;
  if (name) {
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", name);
  }
}

function all() {
  for (const box of document.querySelectorAll(".table-responsive")) mark(box);
}

all();
document.addEventListener("htmx:load", all);
document.addEventListener("toggle", all, true);
window.addEventListener("resize", all);
