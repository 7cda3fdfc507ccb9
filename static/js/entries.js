// Entries of a long form (a field, or three radio buttons): reading, writing, accepting what is proposed, and answering the rest.
(() => {
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
  // Two answers that mean the same: "55" and "55.0" kg.
  const same = (one, other) => one === other || (one !== "" && other !== "" && Number(one) === Number(other));
  // What judges another answer is not copied where that answer says there is nothing to judge.
  const judgesNothing = (entry) => "judges" in entry.dataset && document.getElementById(entry.dataset.judges).value === "0";
  const accepts = (entry, value) => isItem(entry) || [...(fieldOf(entry).options ?? [])].some((option) => option.value === value);
  const EVERY = {
    "[data-copy-all]": (entry) => { if ("before" in entry.dataset && !judgesNothing(entry)) copy(entry); },
    "[data-accept-all]": (entry) => { if (entry.dataset.proposed) write(entry, entry.dataset.proposed); },
    "[data-answer-rest]": (entry, button) => { if (accepts(entry, button.dataset.answerRest)) write(entry, button.dataset.answerRest); },
  };

  // Calls show whenever an answer changed, by hand or by one of the buttons.
  const watch = (form, show) => {
    const changed = () => form.dispatchEvent(new Event("input", { bubbles: true }));
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
    });
    form.addEventListener("change", show);
    show();
  };
  window.tacsle = { ...window.tacsle, entries: { valueOf, textOf, same, watch } };
})();
