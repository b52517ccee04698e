// Selects with data-select can be searched by typing; without scripts they stay ordinary selects.

const words = document.getElementById("toasts").dataset;

function enhance(select) {
  if (select.tomselect || !window.TomSelect) return;
  const label = select.labels[0]?.textContent.replace("*", "").trim();
  const picker = new window.TomSelect(select, {
    allowEmptyOption: !select.multiple,
    hidePlaceholder: true,
    maxOptions: null,
    refreshThrottle: 0,
    plugins: select.multiple ? ["remove_button"] : [],
    render: {
      no_results: () => {
        const none = document.createElement("div");
        none.className = "no-results";
        none.textContent = words.noResults;
        return none;
      },
    },
  });
  if (label) select.setAttribute("aria-label", label);
  const describedBy = select.getAttribute("aria-describedby");
  if (describedBy) picker.control_input.setAttribute("aria-describedby", describedBy);
  if (select.getAttribute("aria-invalid")) picker.control_input.setAttribute("aria-invalid", "true");
}

function all(root) {
  for (const select of root.querySelectorAll("select[data-select]")) enhance(select);
}

all(document);
document.addEventListener("htmx:load", (event) => all(event.detail.elt));
