// Say which files were chosen and how large they are before they travel.

const MEGA = 1024 * 1024;
const words = document.getElementById("toasts").dataset;

function listOf(input) {
  const next = input.nextElementSibling;
  if (next?.matches(".upload-list")) return next;
  const list = document.createElement("ul");
  list.className = "upload-list";
  list.setAttribute("role", "status");
  input.after(list);
  return list;
}

function line(file, limit) {
  const item = document.createElement("li");
  const name = document.createElement("span");
  name.textContent = file.name;
  const size = document.createElement("span");
  size.textContent = `${(file.size / MEGA).toFixed(1)} MB`;
  if (limit && file.size > limit * MEGA) {
    item.className = "is-too-big";
    size.textContent += ` · ${words.tooBig.replace("{max}", limit)}`;
  }
  item.append(name, size);
  return item;
}

document.addEventListener("change", (event) => {
  const input = event.target;
  if (!input.matches?.("input[type=file][data-upload]")) return;
  const limit = Number(input.dataset.maxMb || 0);
  listOf(input).replaceChildren(...[...input.files].map((file) => line(file, limit)));
});
