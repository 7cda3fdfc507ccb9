// Single-key shortcuts: "/" search, "n" new visit, "?" help. Never while typing; can be switched off.
// Escape closes an explanation.
(() => {
  const STORED = "tacsle-shortcuts";
  const typing = (element) => element.matches("input, select, textarea, [contenteditable]") || element.closest("dialog");
  const enabled = () => localStorage.getItem(STORED) !== "off";
  const help = document.getElementById("help-dialog");

  const actions = {
    "/": () => document.getElementById("search")?.focus(),
    "n": () => document.querySelector('[data-shortcut="n"]')?.click(),
    "?": () => help?.showModal(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || !enabled()) return;
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });

  document.addEventListener("keydown", (event) => {
    const open = event.key === "Escape" && document.querySelector(".help-of[open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });

  document.querySelectorAll("[data-opens]").forEach((button) => {
    button.addEventListener("click", () => document.getElementById(button.dataset.opens)?.showModal());
  });
  const box = document.getElementById("shortcuts-on");
  if (box) {
    box.checked = enabled();
    box.addEventListener("change", () => localStorage.setItem(STORED, box.checked ? "on" : "off"));
  }
})();
