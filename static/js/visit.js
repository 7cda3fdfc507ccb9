// The live SLEDAI total, and one button for "everything else: no".
(() => {
  const form = document.getElementById("visit-form");
  const total = document.getElementById("sledai-total");
  const items = [...form.querySelectorAll(".sledai-item")];

  const show = () => {
    if (!total) return;
    let low = 0, high = 0, open = 0;
    items.forEach((item) => {
      const answer = item.querySelector("input:checked")?.value ?? "";
      const weight = Number(item.dataset.weight);
      if (answer === "yes") { low += weight; high += weight; }
      if (answer === "") { high += weight; open += 1; }
    });
    total.textContent = open ? `${low} – ${high}, ${open} ${total.dataset.open}` : String(low);
  };

  form.querySelectorAll("[data-answer-no]").forEach((button) => {
    button.addEventListener("click", () => {
      const prefix = button.dataset.answerNo;
      form.querySelectorAll(`select[name^="${prefix}"]`).forEach((select) => { if (select.value === "") select.value = "no"; });
      items.filter((item) => `sledai_${item.dataset.code}`.startsWith(prefix)).forEach((item) => {
        const answer = item.querySelector("input:checked")?.value ?? "";
        if (answer === "") item.querySelector('input[value="no"]').checked = true;
      });
      show();
    });
  });
  form.addEventListener("change", show);
  show();
})();
