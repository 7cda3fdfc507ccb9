// The visit form: live totals, and what changed since the last visit. Other panels are told of each change.
(() => {
  const { valueOf, textOf, same, watch } = window.tacsle.entries;
  const form = document.getElementById("visit-form");
  const total = document.getElementById("sledai-total");
  const original = document.getElementById("sledai-original");
  const changes = document.getElementById("changes");
  const stillOpen = document.getElementById("still-open");
  const entries = [...form.querySelectorAll("[data-entry]")];
  const items = entries.filter((entry) => entry.dataset.code);

  const interval = (answerOf) => {
    let low = 0, high = 0, open = 0;
    items.forEach((item) => {
      const answer = answerOf(item);
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
    total.textContent = present.open ? `${present.text}, ${present.open} ${present.open === 1 ? total.dataset.oneOpen : total.dataset.open}` : present.text;
    const asked = items.some((item) => item.querySelector(".again select")?.value);
    original.textContent = asked ? `${original.dataset.says} ${interval(originally).text}` : "";
    items.forEach((item) => item.querySelector(".again")?.toggleAttribute("hidden", valueOf(item) !== "yes"));
  };
  const showChanges = () => {
    if (!changes) return;
    const lines = entries.filter((entry) => "before" in entry.dataset && valueOf(entry) !== "" && !same(valueOf(entry), entry.dataset.before))
      .map((entry) => `${entry.dataset.label}: ${entry.dataset.beforeText} → ${textOf(entry)}`);
    changes.replaceChildren(...(lines.length ? lines : [changes.dataset.none]).map((line) => Object.assign(document.createElement("li"), { textContent: line })));
  };
  // Each section with what the last visit answered, or SLEDAI asks, and this one does not yet.
  const asked = (entry) => !("judges" in entry.dataset) && (entry.dataset.code || "before" in entry.dataset);
  const showOpen = () => {
    const counts = [...document.querySelectorAll(".section-links a")].map((link) => ({ link, open: [...form.querySelectorAll(`${link.hash} [data-entry]`)]
      .filter((entry) => asked(entry) && valueOf(entry) === "").length })).filter(({ open }) => open);
    const links = counts.map(({ link, open }) => Object.assign(link.cloneNode(), { textContent: `${link.textContent} ${open}` }));
    stillOpen.replaceChildren(links.length ? `${stillOpen.dataset.says} ` : stillOpen.dataset.none, ...links.flatMap((link, place) => (place ? [" · ", link] : [link])));
  };
  const showAgreed = () => items.forEach((item) => {
    const agreed = "proposed" in item.dataset && valueOf(item) === item.dataset.proposed;
    item.querySelector("[data-accept]")?.classList.toggle("agreed", agreed);
  });
  // An old answer must not stand beside new entries.
  ["htmx:responseError", "htmx:sendError", "htmx:timeout"].forEach((name) => document.addEventListener(name, ({ target }) => {
    if (target.id === "if-signed") target.textContent = target.dataset.failed;
  }));
  watch(form, () => {
    showTotals();
    showChanges();
    showOpen();
    showAgreed();
    form.dispatchEvent(new Event("visit-typed"));
  });
})();
