// Counts ticked criteria. Nothing is kept and nothing is sent; a form without this is still a list to tick.
//
//   <form data-tally
//         data-tally-none="None yet. The list is short on purpose."
//         data-tally-some="{n} of {total}. Say in the request how you will close the gaps."
//         data-tally-all="All {total}. You are ready to ask.">
//     … checkboxes …
//     <p class="criteria-tally" role="status" data-tally-out hidden></p>
//   </form>
//
// Three whole sentences instead of parts, so that each language can put its numbers and plurals where it needs them.
// The message stays away until the first tick.
for (const form of document.querySelectorAll("[data-tally]")) {
  const out = form.querySelector("[data-tally-out]");
  const boxes = [...form.querySelectorAll("input[type=checkbox]")];
  const count = () => {
    const n = boxes.filter((box) => box.checked).length;
    if (!n && out.hidden) return;
    const { tallyNone, tallySome, tallyAll } = form.dataset;
    const message = n === 0 ? tallyNone : n === boxes.length ? tallyAll : tallySome;
    out.hidden = !message;
    out.textContent = (message ?? "").replace("{n}", n).replace("{total}", boxes.length);
  };
  form.addEventListener("change", count);
  // The browser may have put back what was ticked before going back or reloading.
  addEventListener("pageshow", count);
}
