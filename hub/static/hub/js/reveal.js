// Opens the <details> a fragment points at, or lies in, and on paper all of them in <main>. No attributes and no words:
// it works on every <details id="…">, so each answer has an address of its own.
const reveal = () => {
  let id = location.hash.slice(1);
  try { id = decodeURIComponent(id); } catch { /* a stray % is part of the id */ }
  const target = id && document.getElementById(id);
  if (!target) return;
  let moved = false;
  for (let box = target.closest("details"); box; box = box.parentElement.closest("details")) {
    moved ||= !box.open;
    box.open = true;
  }
  if (moved) target.scrollIntoView();
};
addEventListener("hashchange", reveal);
// A second click on the same link changes no hash, though the answer may have been closed since.
document.addEventListener("click", (event) => {
  if (event.target.closest?.('a[href*="#"]')) setTimeout(reveal);
});
reveal();

let opened = [];
addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll("main details:not([open])")];
  for (const box of opened) box.open = true;
});
addEventListener("afterprint", () => {
  for (const box of opened) box.open = false;
});
