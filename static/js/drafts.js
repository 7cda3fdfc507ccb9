// Keeps what is typed: at once in this browser, a second later on the server. A time-out, a closed tab, a lost
// connection or a crash loses nothing. Copies in the browser are named by their user; signing out removes them.
(() => {
  const { user, drafts: address, signIn, signOut } = document.body.dataset;
  if (!user) return;
  const PREFIX = `tacsle-draft:${user}:`;
  const SEND_AFTER = 800;
  const TRY_AGAIN_AFTER = 4000;
  const NOT_KEPT = ["csrfmiddlewaretoken", "submission", "typed_by"];

  const outbox = {
    all: () => Object.keys(localStorage).filter((name) => name.startsWith(PREFIX)).map((name) => JSON.parse(localStorage.getItem(name))),
    get: (key) => JSON.parse(localStorage.getItem(PREFIX + key)),
    put: (copy) => localStorage.setItem(PREFIX + copy.key, JSON.stringify(copy)),
    drop: (copy) => { if (outbox.get(copy.key)?.typed_at_ms === copy.typed_at_ms) localStorage.removeItem(PREFIX + copy.key); },
  };
  // What was typed last in this tab, until its form is sent: the server may answer a reload with what it had before
  // the last words reached it, and they are no longer in the outbox by then.
  const lastTyped = {
    get: (key) => JSON.parse(sessionStorage.getItem(PREFIX + key)),
    put: (copy) => sessionStorage.setItem(PREFIX + copy.key, JSON.stringify(copy)),
    drop: (key) => sessionStorage.removeItem(PREFIX + key),
  };
  const token = () => document.cookie.split("; ").find((part) => part.startsWith("csrftoken="))?.slice(10) ?? "";
  const newKey = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)].join("-");
  };

  // What became of a copy: kept, finished (its form was saved), signed-out, another (person), refused, or waiting.
  const MEANINGS = { 401: "signed-out", 409: "another", 400: "refused", 403: "refused", 404: "refused", 413: "refused" };
  const send = async (copy) => {
    const { key, ...body } = copy;
    try {
      const answer = await fetch(`${address}${key}/`, {
        method: "POST", keepalive: true, redirect: "manual",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token() }, body: JSON.stringify({ ...body, user }),
      });
      if (answer.status !== 200) return MEANINGS[answer.status] ?? "waiting";
      outbox.drop(copy);
      return (await answer.json()).finished ? "finished" : "kept";
    } catch {
      return "waiting";
    }
  };
  const sendAll = async (except) => {
    const said = await Promise.all(outbox.all().filter((copy) => copy.key !== except).map(send));
    if (said.includes("kept")) document.querySelectorAll("[data-drafts-panel]").forEach((panel) => window.htmx.trigger(panel, "refresh"));
  };

  // What was found before stays in its place: a link must not be replaced under the pointer that presses it.
  const read = (panel) => panel.textContent + [...panel.querySelectorAll("a")].map((link) => link.getAttribute("href")).join(" ");
  document.addEventListener("htmx:beforeSwap", (event) => {
    const panel = event.detail.target;
    if (!panel.matches("[data-drafts-panel]")) return;
    const found = new DOMParser().parseFromString(event.detail.serverResponse, "text/html").body;
    if (read(found).trim() === read(panel).trim()) event.detail.shouldSwap = false;
  });

  class Form {
    constructor(state) {
      this.state = state;
      this.form = state.closest("form");
      this.key = this.form.elements.submission.value;
      this.typedAt = Number(state.dataset.typedAt);
      this.timer = null;
      this.passes = false;
      this.busy = false;
      this.restore();
      this.form.addEventListener("input", () => this.typed());
      this.form.addEventListener("change", () => this.typed());
      this.form.addEventListener("submit", (event) => this.submit(event));
      this.form.addEventListener("tacsle:emptied", () => this.begin());
      window.addEventListener("online", () => { if (outbox.get(this.key)) this.send(); });
      window.addEventListener("pageshow", () => { this.passes = false; this.busy = false; });
      document.addEventListener("visibilitychange", () => { if (document.hidden && outbox.get(this.key)) this.send(); });
      // A page in which somebody types never jumps away to the sign-in page by itself.
      document.addEventListener("htmx:beforeOnLoad", (event) => {
        if (!event.detail.xhr.getResponseHeader("HX-Redirect")) return;
        event.preventDefault();
        this.say("signedOut");
      });
      this.shareTabs();
    }

    say(what, more = "") {
      this.state.textContent = `${this.state.dataset[what] ?? ""}${more}`;
      this.state.classList.toggle("draft-waiting", !["kept", "restored"].includes(what));
      if (what !== "signedOut") return;
      const link = document.createElement("a");
      link.href = `${signIn}?next=${encodeURIComponent(window.location.pathname + window.location.search)}`;
      link.textContent = this.state.dataset.signInAgain;
      this.state.append(" ", link);
    }

    // What the server does not have yet, typed in this browser before a crash or while the server was away.
    restore() {
      const [copy] = [outbox.get(this.key), lastTyped.get(this.key)].filter(Boolean).sort((one, other) => other.typed_at_ms - one.typed_at_ms);
      if (!copy || "sent" in this.state.dataset || copy.typed_at_ms <= this.typedAt) {
        if (this.typedAt) this.say("restored");
        return;
      }
      this.typedAt = copy.typed_at_ms;
      [...this.form.elements].filter((field) => field.name && !NOT_KEPT.includes(field.name)).forEach((field) => {
        const values = copy.fields[field.name] ?? [];
        if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
        else if (field.type !== "submit" && field.tagName !== "BUTTON") field.value = values[0] ?? "";
      });
      this.say("restored");
      this.send();
    }

    fields() {
      const found = {};
      new FormData(this.form).forEach((value, name) => {
        if (typeof value === "string" && !NOT_KEPT.includes(name)) (found[name] ??= []).push(value);
      });
      return found;
    }

    copy() {
      return { key: this.key, path: window.location.pathname, fields: this.fields(), typed_at_ms: this.typedAt };
    }

    // The address names the draft, so that reloading, going back and signing in again lead to it.
    typed() {
      this.typedAt = Math.max(Date.now(), this.typedAt + 1);
      const place = new URL(window.location.href);
      if (place.searchParams.get("draft") !== this.key) {
        place.searchParams.set("draft", this.key);
        window.history.replaceState(window.history.state, "", place);
      }
      const copy = this.copy();
      outbox.put(copy);
      lastTyped.put(copy);
      this.later(SEND_AFTER);
    }

    later(milliseconds) {
      window.clearTimeout(this.timer);
      this.timer = window.setTimeout(() => this.send(), milliseconds);
    }

    async send({ submitting = false } = {}) {
      window.clearTimeout(this.timer);
      const copy = this.copy();
      const said = await send(copy);
      if (said === "kept") this.say("kept", ` ${new Date().toTimeString().slice(0, 5)}`);
      if (said === "waiting") { this.say("waiting"); this.later(TRY_AGAIN_AFTER); }
      if (said === "signed-out") this.say("signedOut");
      if (said === "another" || said === "refused") this.say(said);
      if (said === "finished" && !submitting) this.fork();
      return said;
    }

    // Everything typed is saved, part by part: the next key begins another draft.
    begin() {
      window.clearTimeout(this.timer);
      localStorage.removeItem(PREFIX + this.key);
      lastTyped.drop(this.key);
      this.key = newKey();
      this.form.elements.submission.value = this.key;
      this.state.textContent = "";
      const place = new URL(window.location.href);
      place.searchParams.delete("draft");
      window.history.replaceState(window.history.state, "", place);
    }

    // The draft of this key is saved or open elsewhere: what is typed here goes on under a key of its own.
    fork() {
      this.key = newKey();
      this.form.elements.submission.value = this.key;
      this.typed();
    }

    shareTabs() {
      const channel = new BroadcastChannel(`tacsle-drafts-${user}`);
      channel.addEventListener("message", ({ data }) => {
        if (data.key !== this.key) return;
        if (data.says === "opened") channel.postMessage({ says: "mine", key: this.key });
        else this.fork();
      });
      channel.postMessage({ says: "opened", key: this.key });
    }

    // Nothing leaves the page before the server answers: a form sent into the void would be an empty browser page.
    async submit(event) {
      if (this.passes) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (this.busy) return;
      this.busy = true;
      const said = await this.send({ submitting: true });
      this.busy = false;
      if (said === "waiting") { this.say("offline"); return; }
      this.passes = true;
      lastTyped.drop(this.key);
      this.form.elements.csrfmiddlewaretoken.value = token();
      window.clearTimeout(this.timer);
      this.form.requestSubmit(event.submitter);
    }
  }

  const state = document.querySelector("[data-draft]");
  const open = state ? new Form(state) : null;
  sendAll(open?.key);

  // What somebody discards does not come back from the tab in which it was typed.
  document.addEventListener("submit", ({ target }) => {
    const [, key] = target.getAttribute("action")?.match(/\/drafts\/([0-9a-f-]+)\/discard\/$/) ?? [];
    if (key) lastTyped.drop(key);
  }, true);

  // Signing out removes the copies in the browser: they go to the server first, and stay where they cannot.
  window.tacsle = { ...window.tacsle, newKey, sendDrafts: async () => { await sendAll(); return outbox.all().length === 0; } };
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.getAttribute("action") !== signOut || outbox.all().length === 0) return;
    event.preventDefault();
    event.stopPropagation();
    if (!(await window.tacsle.sendDrafts())) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "keep", value: "yes" }));
    form.submit();
  }, true);
})();
