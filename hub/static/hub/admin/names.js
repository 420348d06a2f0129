// Writes beside the number of each row of an inline panel what the row is about, so that folded rows can be
// told apart: the panel's data-name-from says which field that is. Wagtail has only the number.
const name = (field) => {
  const count = field.closest("[data-inline-panel-child]")?.querySelector("[data-inline-panel-child-count]");
  if (!count) return;
  const shown = count.parentElement.querySelector("bdi") ?? count.parentElement.appendChild(document.createElement("bdi"));
  shown.textContent = field.value && ` – ${field.value}`;
};

for (const panel of document.querySelectorAll("[data-name-from]")) {
  const fields = `[name$="-${panel.dataset.nameFrom}"]`;
  panel.querySelectorAll(fields).forEach(name);
  panel.addEventListener("input", ({ target }) => { if (target.matches(fields)) name(target); });
}
