// Counts words as they are typed, and saves the form of a draft as one goes. An open form is never saved by itself: a
// shared phone keeps nothing that was not chosen.
//
//   <span data-words="60" data-words-most="66" data-words-text="{n} of 60 words" data-words-over="{n} of 60 words: {over} too many">
//   <form data-autosave data-autosave-saved="Saved, {time}" data-autosave-elsewhere="…" data-autosave-failed="…">
//   <p data-autosave-box hidden><span role="status" data-autosave-status></span></p>
//
// Words are counted as hub/forms/words.py does. Saving sends the form without its files to its own address, with hub-do=keep;
// the answer is the draft's new revision, which the form sends along the next time. When another browser was first (409), or the
// draft is gone, it says so and stops: what was typed stays in the page until its own button is pressed.
const WORD = /\S*[\p{L}\p{N}_]\S*/gu;
for (const out of document.querySelectorAll("[data-words]")) {
  const { words, wordsMost, wordsText, wordsOver } = out.dataset;
  const field = out.closest(".field").querySelector("textarea, input");
  const count = () => {
    const n = field.value.match(WORD)?.length ?? 0;
    const over = n > Number(wordsMost);
    out.textContent = (over ? wordsOver : wordsText).replace("{n}", n).replace("{over}", n - words);
    out.classList.toggle("over", over);
  };
  field.addEventListener("input", count);
  // The browser may have put back what was typed before going back or reloading.
  addEventListener("pageshow", count);
}

const PAUSE = 3000;
for (const form of document.querySelectorAll("form[data-autosave]")) {
  const { autosaveSaved, autosaveElsewhere, autosaveFailed } = form.dataset;
  const box = document.querySelector("[data-autosave-box]");
  const revision = form.elements["hub-revision"];
  const clock = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", numberingSystem: "latn" });
  const tell = (words, bad) => {
    box.hidden = false;
    box.classList.toggle("draft-status--failed", bad);
    box.querySelector("[data-autosave-status]").textContent = words;
  };
  let timer, saving, stopped;
  const save = async () => {
    const typed = new FormData(form);
    typed.delete("hub-files");
    typed.set("hub-do", "keep");
    try {
      const answer = await fetch(form.action, { method: "POST", body: typed });
      const kept = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : null;
      if (answer.ok && kept) {
        revision.value = kept.revision;
        tell(autosaveSaved.replace("{time}", clock.format(new Date())), false);
      } else {
        stopped = true;
        tell(autosaveElsewhere, true);
      }
    } catch {
      tell(autosaveFailed, true);
    }
  };
  const start = async () => {
    await saving;
    if (stopped) return;
    saving = save();
    await saving;
    saving = null;
  };
  form.addEventListener("input", (event) => {
    if (event.target.type === "file") return;
    clearTimeout(timer);
    timer = setTimeout(start, PAUSE);
  });
  // Every button saves, too. It waits for what is on its way, or the two would be taken for two browsers.
  form.addEventListener("submit", async (event) => {
    clearTimeout(timer);
    stopped = true;
    if (!saving) return;
    event.preventDefault();
    await saving;
    saving = null;
    form.requestSubmit(event.submitter);
  });
}
