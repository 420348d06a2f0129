// Copies a citation or a deep link, and says so. The button is hidden until this runs and the browser can copy.
//
//   <button type="button" hidden data-copy="cite-1" data-copy-done="Copied" data-copy-failed="Not copied: select the text">…</button>
//   <button type="button" hidden data-copy-link="#faq-2" data-copy-done="…" data-copy-failed="…">…</button>
//
// data-copy         id of the element whose text is copied
// data-copy-link    a fragment: this page's address with it is copied, without any query
// data-copy-done    translated message after copying
// data-copy-failed  translated message when the browser refuses
//
// The message appears after the button in a polite live region, made here because it must exist before it speaks.
for (const button of document.querySelectorAll("[data-copy], [data-copy-link]")) {
  if (!navigator.clipboard) break;
  const { copy, copyLink, copyDone = "", copyFailed = "" } = button.dataset;
  const status = document.createElement("span");
  status.className = "meta";
  status.setAttribute("role", "status");
  button.after(" ", status);
  button.hidden = false;
  let timer;
  button.addEventListener("click", async () => {
    let message = copyDone;
    try {
      await navigator.clipboard.writeText(copyLink
        ? new URL(copyLink, location.origin + location.pathname).href
        : document.getElementById(copy).innerText.trim());
    } catch {
      message = copyFailed;
    }
    // Emptied first, so that a second copy is announced again.
    status.textContent = "";
    clearTimeout(timer);
    setTimeout(() => { status.textContent = message; }, 100);
    timer = setTimeout(() => { status.textContent = ""; }, 8000);
  });
}
