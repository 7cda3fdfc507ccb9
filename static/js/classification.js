// Classification criteria: the points so far, and what they say. The server computes the result that is kept.
(() => {
  const { valueOf, watch } = window.tacsle.entries;
  const form = document.getElementById("classification-form");
  const total = document.getElementById("classification-total");
  const result = document.getElementById("classification-result");
  const items = [...form.querySelectorAll("[data-entry]")];
  const is2019 = form.dataset.system === "eular_acr_2019";
  const NEEDED = Number(form.dataset.needed);

  const points = (counts) => {
    const counted = items.filter((item) => counts.includes(valueOf(item)));
    if (!is2019) return counted.length;
    const best = {};
    counted.forEach(({ dataset }) => { best[dataset.domain] = Math.max(best[dataset.domain] ?? 0, Number(dataset.points)); });
    return Object.values(best).reduce((sum, value) => sum + value, 0);
  };
  const clinical = (counts) => items.some((item) => "clinical" in item.dataset && Number(item.dataset.points) > 0 && counts.includes(valueOf(item)));
  const outcome = (low, high) => {
    const ana = valueOf(items.find((item) => item.dataset.code === "ana"));
    if (high < NEEDED || (is2019 && (ana === "no" || !clinical(["yes", ""])))) return "notMet";
    if (low >= NEEDED && (!is2019 || (ana === "yes" && clinical(["yes"])))) return "met";
    return "open";
  };
  watch(form, () => {
    const low = points(["yes"]), high = points(["yes", ""]);
    total.textContent = low === high ? String(low) : `${low} – ${high}`;
    result.textContent = result.dataset[outcome(low, high)];
  });
})();
