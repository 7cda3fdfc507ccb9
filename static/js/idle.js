// Warns before an idle session ends. Activity in any tab of the browser counts.
(() => {
  const WARN_SECONDS = 120;
  const PING_SECONDS = 60;
  const STORED = "tacsle-last-activity";
  const limit = Number(document.body.dataset.idleSeconds);
  const keepAlive = document.body.dataset.keepAlive;
  const dialog = document.getElementById("idle-dialog");
  const left = document.getElementById("idle-left");
  if (!limit || !dialog) return;

  let lastPing = Date.now();
  const touch = () => localStorage.setItem(STORED, String(Date.now()));
  const idleSeconds = () => (Date.now() - Number(localStorage.getItem(STORED) || Date.now())) / 1000;
  const ping = () => {
    lastPing = Date.now();
    const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
    fetch(keepAlive, { method: "POST", headers: { "X-CSRFToken": token }, credentials: "same-origin" }).catch(() => {});
  };

  touch();
  ["keydown", "pointerdown", "scroll"].forEach((name) => {
    document.addEventListener(name, () => { if (!dialog.open) touch(); }, { passive: true });
  });
  document.getElementById("idle-stay").addEventListener("click", () => { touch(); ping(); dialog.close(); });

  window.setInterval(() => {
    const idle = idleSeconds();
    if (idle < PING_SECONDS && Date.now() - lastPing > PING_SECONDS * 1000) ping();
    if (idle >= limit) {
      window.location.assign(`/accounts/login/?next=${encodeURIComponent(window.location.pathname)}`);
    } else if (idle >= limit - WARN_SECONDS) {
      left.textContent = `${Math.ceil(limit - idle)} s`;
      if (!dialog.open) dialog.showModal();
    } else if (dialog.open) {
      dialog.close();
    }
  }, 1000);
})();
