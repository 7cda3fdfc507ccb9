// Panels that fail say so and can be tried again; forms are sent once; errors take the focus.
(() => {
  const failed = (event) => {
    const panel = event.target.closest("[data-fragment]");
    if (!panel) return;
    panel.querySelector(".loading")?.setAttribute("hidden", "");
    panel.querySelector(".failed")?.removeAttribute("hidden");
  };
  document.addEventListener("htmx:responseError", failed);
  document.addEventListener("htmx:sendError", failed);
  document.addEventListener("htmx:timeout", failed);

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.hasAttribute("data-submit-once")) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
  });

  const focusHere = document.querySelector("[data-focus-here]");
  if (focusHere) focusHere.focus();
})();
