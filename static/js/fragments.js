// Panels that fail say so, with the reference, and can be tried again; forms are sent once; errors take the focus.
(() => {
  const show = (panel, selector, shown) => {
    panel.querySelectorAll(selector).forEach((part) => part.toggleAttribute("hidden", !shown));
  };
  const failed = (event) => {
    const row = event.target.closest("[data-matter]");
    if (row) { show(row, "[data-not-sent]", true); return; }
    const panel = event.target.closest("[data-fragment]");
    if (!panel) return;
    const reference = event.detail.xhr?.getResponseHeader("X-Request-Reference");
    show(panel, ".loading", false);
    show(panel, ".failed", true);
    show(panel, ".failed .reference", Boolean(reference));
    panel.querySelectorAll(".failed code").forEach((code) => { code.textContent = reference || ""; });
  };
  ["htmx:responseError", "htmx:sendError", "htmx:timeout"].forEach((name) => document.addEventListener(name, failed));

  document.addEventListener("click", (event) => {
    const panel = event.target.closest("[data-try-again]")?.closest("[data-fragment]");
    if (!panel) return;
    show(panel, ".failed", false);
    show(panel, ".loading", true);
    window.htmx.ajax("GET", panel.getAttribute("hx-get"), { source: panel, target: panel, swap: "innerHTML" });
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.confirm && !window.confirm(form.dataset.confirm)) { event.preventDefault(); return; }
    if (!form.hasAttribute("data-submit-once")) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
  });

  // The session ended: sent again as a page, the form is kept until its writer has signed in.
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const { elt, xhr } = event.detail;
    if (!elt.matches("form[method=post]") || !xhr.getResponseHeader("HX-Redirect")) return;
    event.preventDefault();
    elt.submit();
  });

  // Signing in again, in another tab, changes the token: the cookie always has the one that counts.
  document.addEventListener("htmx:configRequest", (event) => {
    const token = document.cookie.split("; ").find((part) => part.startsWith("csrftoken="))?.slice(10);
    if (token) event.detail.headers["X-CSRFToken"] = token;
  });

  const FIRST = "[data-focus-first] :is(input:not([type=hidden]), select, textarea)";
  const focusHere = document.querySelector("[data-focus-here]") ?? document.querySelector(FIRST);
  if (!document.querySelector("[autofocus]")) focusHere?.focus();
})();
