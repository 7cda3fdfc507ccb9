// The sheet of levels, by keyboard alone: the list of patients, F2 for what is offered, Enter to go on. A row is
// sent by itself; the next one is ready before the server has answered, and an error stays in its row.
(() => {
  const form = document.querySelector("[data-levels]");
  if (!form) return;
  const body = form.querySelector("[data-rows-body]");
  const blank = document.querySelector("[data-empty-row]");
  const said = form.querySelector("[data-said]");
  const WAIT = 150;
  const UNDO_MILLISECONDS = 60000;
  const token = () => document.cookie.split("; ").find((part) => part.startsWith("csrftoken="))?.slice(10) ?? "";
  const field = (row, name) => row.querySelector(`[name$="-${name}"]`);
  const FIELDS = ["patient", "dose_mg", "drawn_at", "last_dose_at", "value"];
  const typedIn = (row) => FIELDS.some((name) => field(row, name).value.trim() !== "");
  const rows = () => [...body.querySelectorAll(".level-row")];

  // Day and time on the clock of the patient's clinic.
  const clock = (moment, row) => {
    const parts = new Intl.DateTimeFormat("en-CA", { timeZone: row.dataset.zone ?? form.dataset.timeZone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).formatToParts(moment);
    const part = (type) => parts.find((found) => found.type === type).value;
    return `${part("year")}-${part("month")}-${part("day")}T${part("hour")}:${part("minute")}`;
  };
  // The latest usual time before the draw, or before now while no draw is typed.
  const usual = (row) => {
    const time = row.dataset.usual;
    if (!time) return "";
    const until = field(row, "drawn_at").dataset.clock || clock(new Date(), row);
    const sameDay = `${until.slice(0, 10)}T${time}`;
    if (sameDay < until) return sameDay;
    const before = new Date(`${until.slice(0, 10)}T00:00:00Z`);
    before.setUTCDate(before.getUTCDate() - 1);
    return `${before.toISOString().slice(0, 10)}T${time}`;
  };
  const OFFERS = {
    dose: { name: "dose_mg", value: (row) => row.dataset.dose ?? "", words: (row) => form.dataset.dose.replace("{dose}", row.dataset.dose) },
    usual: { name: "last_dose_at", value: usual, words: (row) => form.dataset.usual.replace("{time}", row.dataset.usual) },
    now: { name: "drawn_at", value: (row) => clock(new Date(), row), words: () => form.dataset.now },
  };
  const showOffers = (row) => {
    Object.entries(OFFERS).forEach(([kind, offer]) => {
      const button = row.querySelector(`[data-offer="${kind}"]`);
      const there = offer.value(row) !== "";
      button.hidden = !there;
      if (there) button.textContent = offer.words(row);
    });
  };
  const take = (row, kind) => {
    const value = OFFERS[kind].value(row);
    if (!value) return;
    field(row, OFFERS[kind].name).value = value;
    field(row, OFFERS[kind].name).dispatchEvent(new Event("input", { bubbles: true }));
    if (kind !== "dose") understand(row, field(row, OFFERS[kind].name));
  };

  // What a typed day and time means is said by the server, which reads it when the row is saved.
  const understand = async (row, input) => {
    const note = input.parentElement.querySelector("[data-understood]");
    const asked = input.value.trim();
    delete input.dataset.clock;
    note.textContent = "";
    if (!asked) return;
    const question = new URLSearchParams({ text: asked, patient: field(row, "patient").value });
    if (input === field(row, "last_dose_at")) question.set("before", field(row, "drawn_at").value);
    try {
      const answer = await fetch(`${form.dataset.moment}?${question}`, { redirect: "manual" });
      if (answer.status !== 200 || input.value.trim() !== asked) return;
      const read = await answer.json();
      note.textContent = read.words ?? read.error;
      note.classList.toggle("field-error", !read.words);
      if (read.clock) input.dataset.clock = read.clock;
      if (input === field(row, "drawn_at") && field(row, "last_dose_at").value) understand(row, field(row, "last_dose_at"));
    } catch { /* No connection: the moment is read when the row is saved. */ }
  };
  // The list of patients under the first field.
  const list = (row) => row.querySelector(".patient-choices");
  const options = (row) => [...list(row).querySelectorAll('[role="option"]:not([aria-disabled])')];
  const close = (row) => { list(row).hidden = true; field(row, "patient").setAttribute("aria-expanded", "false"); };
  const mark = (row, option) => {
    options(row).forEach((other) => other.setAttribute("aria-selected", String(other === option)));
    option?.scrollIntoView({ block: "nearest" });
    if (option) field(row, "patient").setAttribute("aria-activedescendant", option.id);
    else field(row, "patient").removeAttribute("aria-activedescendant");
  };
  const numberOf = (text) => text.split("·")[0].trim().normalize("NFKC").toLowerCase();
  const choose = (row, option) => {
    field(row, "patient").value = option.dataset.text;
    ["dose", "usual", "zone"].forEach((name) => { if (option.dataset[name]) row.dataset[name] = option.dataset[name]; else delete row.dataset[name]; });
    close(row);
    row.querySelector(".row-state").textContent = "";
    showOffers(row);
    field(row, "patient").dispatchEvent(new Event("input", { bubbles: true }));
    field(row, "dose_mg").focus();
  };
  // Of several patients none is taken by Enter alone, unless the whole number was typed.
  const onlyMatch = (row, text) => {
    const found = options(row).filter((option) => option.dataset.text);
    const numbered = found.filter((option) => numberOf(option.dataset.text) === text.normalize("NFKC").toLowerCase());
    if (numbered.length === 1) return numbered[0];
    return found.length === 1 ? found[0] : null;
  };
  const look = async (row) => {
    const text = field(row, "patient").value.split("·")[0].trim();
    row.dataset.looked = text;
    if (!text) { close(row); return; }
    try {
      const answer = await fetch(`${form.dataset.choices}?q=${encodeURIComponent(text)}`, { redirect: "manual" });
      const found = await answer.text();
      if (answer.status !== 200 || row.dataset.looked !== text || document.activeElement !== field(row, "patient")) return;
      list(row).innerHTML = found;
      options(row).forEach((option, number) => { option.id = `${list(row).id}-${number}`; });
      list(row).hidden = false;
      field(row, "patient").setAttribute("aria-expanded", "true");
      mark(row, onlyMatch(row, text));
    } catch { /* No connection: the number can still be typed. */ }
  };
  const prepare = (row) => {
    const patient = field(row, "patient");
    Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list(row).id }).forEach(([name, value]) => patient.setAttribute(name, value));
    let timer = null;
    patient.addEventListener("input", (event) => {
      if (!event.isTrusted) return;
      window.clearTimeout(timer);
      timer = window.setTimeout(() => look(row), WAIT);
    });
    patient.addEventListener("blur", () => window.setTimeout(() => close(row), WAIT));
    row.querySelectorAll("[data-moment]").forEach((input) => {
      input.addEventListener("change", () => understand(row, input));
      understand(row, input);
    });
    list(row).addEventListener("mousedown", (event) => {
      const option = event.target.closest('[role="option"]:not([aria-disabled])');
      if (!option) return;
      event.preventDefault();
      choose(row, option);
    });
    showOffers(row);
  };

  // A row that comes with its patient, from a link, a draft or an error, gets its offers too.
  const identify = async (row) => {
    const text = field(row, "patient").value.split("·")[0].trim();
    if (!text) return;
    try {
      const answer = await fetch(`${form.dataset.choices}?q=${encodeURIComponent(text)}`, { redirect: "manual" });
      if (answer.status !== 200) return;
      const found = document.createElement("ul");
      found.innerHTML = await answer.text();
      const option = [...found.querySelectorAll("[data-text]")].find((one) => numberOf(one.dataset.text) === numberOf(text));
      if (!option) return;
      ["dose", "usual", "zone"].forEach((name) => { if (option.dataset[name]) row.dataset[name] = option.dataset[name]; });
      showOffers(row);
    } catch { /* No connection: nothing is offered. */ }
  };

  const addRow = () => {
    const number = Math.max(-1, ...[...body.querySelectorAll("[data-row], [data-saved]")].map((row) => Number(row.dataset.row ?? row.dataset.saved))) + 1;
    const row = blank.content.firstElementChild.cloneNode(true);
    const old = row.dataset.row;
    row.dataset.row = number;
    row.querySelectorAll("[name], [id], [for]").forEach((part) => ["name", "id", "for"].forEach((name) => {
      if (part.hasAttribute(name)) part.setAttribute(name, part.getAttribute(name).replace(`row-${old}-`, `row-${number}-`));
    }));
    field(row, "submission").value = window.tacsle.newKey();
    body.append(row);
    prepare(row);
    return row;
  };
  const nextRow = () => rows().find((row) => !row.classList.contains("saving") && !typedIn(row)) ?? addRow();

  const settle = () => {
    const left = rows().some(typedIn);
    form.dispatchEvent(new CustomEvent(left ? "input" : "tacsle:emptied"));
    return left;
  };
  const undoable = (row) => {
    const undo = row.querySelector("[data-undo]");
    if (!undo) return;
    window.setTimeout(() => undo.remove(), UNDO_MILLISECONDS);
  };
  const replaced = (row, html) => {
    const made = document.createElement("tbody");
    made.innerHTML = html;
    const fresh = made.firstElementChild;
    row.replaceWith(fresh);
    return fresh;
  };
  const failed = (row, words) => {
    row.classList.remove("saving");
    row.querySelectorAll("input").forEach((input) => { input.readOnly = false; });
    row.querySelector(".row-state").textContent = words;
    said.textContent = words;
  };
  const save = async (row) => {
    if (row.classList.contains("saving") || !typedIn(row)) return;
    row.classList.add("saving");
    const data = new FormData();
    row.querySelectorAll("input").forEach((input) => { if (input.type !== "checkbox" || input.checked) data.append(input.name, input.value); input.readOnly = true; });
    ["laboratory", "assay"].forEach((name) => data.append(name, form.elements[name].value));
    data.append("submission", form.elements.submission.value);
    data.append("typed_by", form.elements.typed_by.value);
    if (!rows().some((other) => other !== row && typedIn(other))) data.append("last", "yes");
    row.querySelector(".row-state").textContent = form.dataset.saving;
    nextRow().querySelector("[name$='-patient']").focus();
    try {
      const answer = await fetch(form.dataset.rows, { method: "POST", body: data, redirect: "manual", headers: { "X-CSRFToken": token() } });
      if (answer.type === "opaqueredirect" || answer.status === 401) { failed(row, form.dataset.signedOut); return; }
      if (answer.status !== 200 && answer.status !== 422) { failed(row, form.dataset.notSaved); return; }
      const fresh = replaced(row, await answer.text());
      if (answer.status === 422) {
        prepare(fresh);
        identify(fresh);
        said.textContent = [...fresh.querySelectorAll(".field-error")].map((error) => error.textContent).join(" ");
        settle();
        return;
      }
      undoable(fresh);
      const means = fresh.querySelector(".means").cloneNode(true);
      means.querySelectorAll("button").forEach((button) => button.remove());
      said.textContent = means.textContent.replace(/\s+/g, " ").trim();
      settle();
    } catch {
      failed(row, form.dataset.notSaved);
    }
  };

  form.addEventListener("keydown", (event) => {
    const row = event.target.closest(".level-row");
    if (!row || event.target.tagName === "BUTTON") return;
    const isPatient = event.target === field(row, "patient");
    const open = isPatient && !list(row).hidden;
    const marked = options(row).findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (open && ["ArrowDown", "ArrowUp"].includes(event.key)) {
      event.preventDefault();
      const count = options(row).length;
      if (count) mark(row, options(row)[(Math.max(marked, event.key === "ArrowDown" ? -1 : 0) + (event.key === "ArrowDown" ? 1 : count - 1)) % count]);
    } else if (open && event.key === "Escape") {
      close(row);
    } else if (event.key === "F2") {
      event.preventDefault();
      const kind = Object.keys(OFFERS).find((name) => field(row, OFFERS[name].name) === event.target);
      if (kind) take(row, kind);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (open && marked >= 0) { choose(row, options(row)[marked]); return; }
      if (open && options(row).length > 1) { said.textContent = form.dataset.choose; row.querySelector(".row-state").textContent = form.dataset.choose; return; }
      const here = FIELDS.findIndex((name) => field(row, name) === event.target);
      if (here >= 0 && here < FIELDS.length - 1) field(row, FIELDS[here + 1]).focus();
      else save(row);
    }
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-offer]");
    if (button) { take(button.closest(".level-row"), button.dataset.offer); field(button.closest(".level-row"), OFFERS[button.dataset.offer].name).focus(); }
  });
  // The button saves what is typed, row by row; only a browser without scripts sends the sheet as a whole.
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.submitter?.matches("[data-undo]")) takeBack(event.submitter);
    else rows().filter(typedIn).forEach(save);
  }, true);
  const takeBack = async (button) => {
    button.disabled = true;
    try {
      const answer = await fetch(button.formAction, { method: "POST", redirect: "manual", headers: { "X-CSRFToken": token(), "X-Sheet-Row": "yes" } });
      if (![200, 422].includes(answer.status)) throw new Error(String(answer.status));
      const fresh = replaced(button.closest("tr"), await answer.text());
      said.textContent = fresh.textContent.replace(/\s+/g, " ").trim();
    } catch {
      button.disabled = false;
      said.textContent = form.dataset.notUndone;
      button.title = form.dataset.notUndone;
    }
  };
  rows().forEach((row) => { prepare(row); identify(row); });
  if (!rows().length) addRow();
  const first = rows()[0];
  (field(first, "patient").value ? field(first, "dose_mg") : field(first, "patient")).focus();
})();
