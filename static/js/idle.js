// Warns before an idle session ends, and ends it. Activity in any tab of the browser counts.
(() => {
  const WARN_SECONDS = 120;
  const PING_SECONDS = 60;
  const STORED = "tacsle-last-activity";
  const { idleSeconds, keepAlive, signOut, signIn } = document.body.dataset;
  const limit = Number(idleSeconds);
  const dialog = document.getElementById("idle-dialog");
  const left = document.getElementById("idle-left");
  if (!limit || !dialog) return;

  let lastPing = Date.now();
  let ending = false;
  const touch = () => localStorage.setItem(STORED, String(Date.now()));
  const idle = () => (Date.now() - Number(localStorage.getItem(STORED) || Date.now())) / 1000;
  const post = (url, body) => {
    const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
    return fetch(url, { method: "POST", headers: { "X-CSRFToken": token }, redirect: "manual", body }).catch(() => {});
  };
  const ping = () => { lastPing = Date.now(); post(keepAlive); };

  // The server counts from the last request, which is later than the last key: without signing out first, the
  // sign-in page would find a live session and lead straight back.
  const end = async () => {
    ending = true;
    const allSent = await window.tacsle.sendDrafts();
    await post(signOut, new URLSearchParams(allSent ? {} : { keep: "yes" }));
    const place = window.location.pathname + window.location.search;
    window.location.assign(`${signIn}?next=${encodeURIComponent(place)}`);
  };

  touch();
  ["keydown", "pointerdown", "scroll"].forEach((name) => {
    document.addEventListener(name, () => { if (!dialog.open) touch(); }, { passive: true });
  });
  dialog.addEventListener("cancel", (event) => { event.preventDefault(); document.getElementById("idle-stay").click(); });
  document.getElementById("idle-stay").addEventListener("click", () => { touch(); ping(); dialog.close(); });

  const tick = () => {
    const since = idle();
    if (ending) return;
    if (since >= limit) { end(); return; }
    if (since < PING_SECONDS && Date.now() - lastPing > PING_SECONDS * 1000) ping();
    if (since < limit - WARN_SECONDS) { if (dialog.open) dialog.close(); return; }
    left.textContent = String(Math.ceil(limit - since));
    if (!dialog.open) dialog.showModal();
  };
  window.setInterval(tick, 1000);
})();
