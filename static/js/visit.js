// The visit form: live totals, what changed since the last visit, copying, accepting, and answering the rest.
(() => {
  const form = document.getElementById("visit-form");
  const total = document.getElementById("sledai-total");
  const original = document.getElementById("sledai-original");
  const changes = document.getElementById("changes");
  const entries = [...form.querySelectorAll("[data-entry]")];
  const items = entries.filter((entry) => entry.dataset.code);

  const fieldOf = (entry) => entry.querySelector("input:not([type=radio]), select, textarea");
  const chosen = (entry) => entry.querySelector("input[type=radio]:checked");
  const isItem = (entry) => Boolean(entry.dataset.code);
  const valueOf = (entry) => (isItem(entry) ? chosen(entry)?.value : fieldOf(entry).value) ?? "";
  const textOf = (entry) => {
    if (isItem(entry)) return chosen(entry).parentElement.textContent.trim();
    const field = fieldOf(entry);
    return field.tagName === "SELECT" ? field.selectedOptions[0].textContent : field.value;
  };
  const write = (entry, value) => {
    if (isItem(entry)) entry.querySelector(`input[type=radio][value="${value}"]`).checked = true;
    else fieldOf(entry).value = value;
  };
  const mark = (entry, copied) => entry.querySelector(".copied-mark")?.toggleAttribute("hidden", !copied);
  const copy = (entry) => { write(entry, entry.dataset.before); mark(entry, true); };
  const accepts = (entry, value) => isItem(entry) || [...(fieldOf(entry).options ?? [])].some((option) => option.value === value);
  const changed = () => form.dispatchEvent(new Event("input", { bubbles: true }));

  const interval = (counts) => {
    let low = 0, high = 0, open = 0;
    items.forEach((item) => {
      const answer = counts(item);
      const weight = Number(item.dataset.weight);
      if (answer === "yes") { low += weight; high += weight; }
      if (answer === "") { high += weight; open += 1; }
    });
    return { text: open ? `${low} – ${high}` : String(low), open };
  };
  // The original SLEDAI counts rash, hair loss, ulcers and proteinuria only when new or recurrent.
  const originally = (item) => {
    const again = item.querySelector(".again select");
    return valueOf(item) === "yes" && again ? again.value : valueOf(item);
  };
  const showTotals = () => {
    if (!total) return;
    const present = interval(valueOf);
    total.textContent = present.open ? `${present.text}, ${present.open} ${total.dataset.open}` : present.text;
    const asked = items.some((item) => item.querySelector(".again select")?.value);
    original.textContent = asked ? `${original.dataset.says} ${interval(originally).text}` : "";
    items.forEach((item) => item.querySelector(".again")?.toggleAttribute("hidden", valueOf(item) !== "yes"));
  };
  const showChanges = () => {
    if (!changes) return;
    const lines = entries.filter((entry) => "before" in entry.dataset && valueOf(entry) !== "" && valueOf(entry) !== entry.dataset.before)
      .map((entry) => `${entry.dataset.label}: ${entry.dataset.beforeText} → ${textOf(entry)}`);
    changes.replaceChildren(...(lines.length ? lines : [changes.dataset.none]).map((line) => Object.assign(document.createElement("li"), { textContent: line })));
  };
  const show = () => { showTotals(); showChanges(); };

  const EVERY = {
    "[data-copy-all]": (entry) => { if ("before" in entry.dataset) copy(entry); },
    "[data-accept-all]": (entry) => { if (entry.dataset.proposed) write(entry, entry.dataset.proposed); },
    "[data-answer-rest]": (entry, button) => { if (accepts(entry, button.dataset.answerRest)) write(entry, button.dataset.answerRest); },
  };
  form.addEventListener("click", (event) => {
    const one = event.target.closest("[data-copy], [data-accept]");
    if (one) {
      const entry = one.closest("[data-entry]");
      if ("copy" in one.dataset) copy(entry); else write(entry, entry.dataset.proposed);
      changed();
    }
    Object.entries(EVERY).forEach(([selector, apply]) => {
      const button = event.target.closest(selector);
      if (!button) return;
      const open = [...button.closest("[data-section]").querySelectorAll("[data-entry]")].filter((entry) => valueOf(entry) === "");
      open.forEach((entry) => apply(entry, button));
      changed();
    });
  });
  form.addEventListener("keydown", (event) => {
    const entry = event.target.closest("[data-entry]");
    if (event.key !== "F2" || !entry || !("before" in entry.dataset)) return;
    event.preventDefault();
    copy(entry);
    changed();
  });
  form.addEventListener("input", (event) => {
    const entry = event.target.closest?.("[data-entry]");
    if (entry) mark(entry, false);
    show();
    form.dispatchEvent(new Event("visit-typed"));
  });
  form.addEventListener("change", () => { show(); form.dispatchEvent(new Event("visit-typed")); });
  show();
})();
