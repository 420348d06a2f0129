// Keeps each text of a translation as soon as one leaves it. Without this, the button does.
const root = document.querySelector("[data-translation]");
const form = root?.querySelector("[data-texts]");
if (form) {
  const status = form.querySelector("[data-status]");
  const say = (name) => { if (status) status.textContent = status.dataset[name] ?? ""; };

  const fit = (field) => { field.style.blockSize = "auto"; field.style.blockSize = `${field.scrollHeight + 2}px`; };
  const texts = [...form.querySelectorAll("textarea[name^=text-]")];
  texts.forEach((field) => { fit(field); field.addEventListener("input", () => fit(field)); });

  const keep = async (field) => {
    const id = field.name.slice(5);
    const row = field.closest(".hub-passage");
    const data = new FormData();
    for (const input of row.querySelectorAll(`[name$="-${id}"]`)) {
      if (input.type !== "checkbox" || input.checked) data.append(input.name, input.value);
    }
    data.append("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
    data.append("do", "save");
    let answer;
    try {
      const response = await fetch(location.href, { method: "POST", body: data, headers: { Accept: "application/json" } });
      if (!response.ok || !response.headers.get("Content-Type")?.includes("json")) throw new Error(response.status);
      answer = await response.json();
    } catch {
      say("offline");
      return;
    }
    const [kept] = answer.rows;
    if (!kept) return;
    row.dataset.state = kept.state;
    row.querySelector(`[name="seen-${id}"]`).value = kept.seen;
    const notes = row.querySelector("[data-notes]");
    notes.replaceChildren(...[kept.error, ...kept.warnings].filter(Boolean).map((words, index) => {
      const line = document.createElement("p");
      line.className = kept.error && index === 0 ? "error-message" : "hub-warning";
      line.textContent = words;
      return line;
    }));
    field.toggleAttribute("aria-invalid", Boolean(kept.error));
    const label = row.querySelector("[data-state-label]");
    label.textContent = kept.state === "done" ? label.dataset.done : label.dataset.todo;
    root.querySelector("[data-percent]").textContent = answer.percent;
    root.querySelector("[data-words]").textContent = answer.words;
    if (!kept.error) field.defaultValue = field.value;
    say(kept.error ? "failed" : "kept");
  };

  form.addEventListener("change", (event) => {
    const { target } = event;
    if (target.name?.startsWith("text-")) keep(target);
    if (target.name?.startsWith("confirm-") && target.checked) keep(form.elements[`text-${target.name.slice(8)}`]);
  });
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-use]");
    if (!button) return;
    const field = document.getElementById(button.dataset.use);
    field.value = button.dataset.words;
    fit(field);
    keep(field);
  });
  let sending = false;
  form.addEventListener("submit", () => { sending = true; });
  addEventListener("beforeunload", (event) => {
    if (!sending && texts.some((field) => field.value !== field.defaultValue)) event.preventDefault();
  });
}
