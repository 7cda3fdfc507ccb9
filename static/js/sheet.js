// In a sheet of results Enter goes to the next result, above it to the first, and F2 copies the last method and limit; a button saves the sheet.
(() => {
  const results = [...document.querySelectorAll(".sheet [name$=_value]")];
  const isShown = (input) => !input.closest("details:not([open])");
  const copy = (button) => {
    const row = button.closest("tr");
    row.querySelector("[name$=_method]").value = button.dataset.copyMethod;
    row.querySelector("[name$=_high]").value = button.dataset.copyHigh;
    row.dispatchEvent(new Event("input", { bubbles: true }));
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy-method]");
    if (button) copy(button);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches?.("main form > .fields input")) {
      event.preventDefault();
      results.find(isShown).focus();
    }
    const row = event.target.closest?.(".sheet tr");
    if (!row || event.target.tagName === "BUTTON" || !["Enter", "F2"].includes(event.key)) return;
    event.preventDefault();
    const button = row.querySelector("[data-copy-method]");
    if (event.key === "F2") { if (button) copy(button); return; }
    const here = results.indexOf(row.querySelector("[name$=_value]"));
    (results.slice(here + 1).find(isShown) ?? document.querySelector("main form .btn-primary")).focus();
  });
})();
