// <section id data-poll="15" data-poll-url="…">: asks while visible; rows carry data-row="id".
// Known rows change in place unless in use; new and gone ones wait behind 显示 (R).
import { announce, say, sayDuration } from "./words.js";
import { refreshAll } from "./clock.js";

const PAUSED = "poll-paused";
const views = [];

class View {
  constructor(box) {
    this.box = box;
    this.id = box.id;
    this.url = box.dataset.pollUrl || location.pathname + location.search;
    this.everyMs = Number(box.dataset.poll || 15) * 1000;
    this.bar = document.querySelector(`[data-poll-bar="${this.id}"]`);
    this.etag = box.dataset.etag || "";
    this.faults = 0;
    this.since = Date.now();
    this.bar?.querySelector("[data-poll-show]")?.addEventListener("click", () => this.show());
    const pause = this.bar?.querySelector("[data-poll-pause]");
    if (pause) {
      pause.checked = localStorage.getItem(PAUSED) === "1";
      pause.addEventListener("change", () => {
        localStorage.setItem(PAUSED, pause.checked ? "1" : "");
        if (!pause.checked) this.ask();
      });
    }
    this.say();
    setInterval(() => this.ask(), this.everyMs);
  }

  get isPaused() {
    return localStorage.getItem(PAUSED) === "1";
  }

  async ask(force = false) {
    if (!force && (this.isPaused || document.hidden || this.asking)) return;
    this.asking = true;
    try {
      const headers = { "HX-Request": "true", "X-Poll": "1" };
      if (this.etag) headers["If-None-Match"] = this.etag;
      const answer = await fetch(this.url, { headers, cache: "no-store" });
      if (answer.status === 200) {
        this.etag = answer.headers.get("ETag") || "";
        this.take(await answer.text());
      } else if (answer.status !== 204 && answer.status !== 304) {
        throw new Error(String(answer.status));
      }
      this.faults = 0;
      this.since = Date.now();
    } catch {
      this.faults += 1;
    } finally {
      this.asking = false;
    }
    this.say();
  }

  take(html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    const fresh = page.getElementById(this.id) ?? page.body;
    const now = new Map([...this.box.querySelectorAll("[data-row]")].map((row) => [row.dataset.row, row]));
    const next = new Map([...fresh.querySelectorAll("[data-row]")].map((row) => [row.dataset.row, row]));
    let news = 0;
    for (const [id, row] of next) {
      const old = now.get(id);
      if (!old) news += 1;
      else if (!old.matches(":hover") && !old.contains(document.activeElement) && old.innerHTML !== row.innerHTML) {
        const copy = document.importNode(row, true);
        old.replaceWith(copy);
        window.htmx?.process(copy);
      }
    }
    for (const id of now.keys()) if (!next.has(id)) news += 1;
    this.waiting = html;
    this.news = news;
    const inUse = this.box.contains(document.activeElement) || this.box.matches(":hover");
    if (news && !now.size && !inUse) this.show();
    else if (news) announce(say("news", news));
    for (const part of page.querySelectorAll("[data-poll-part]")) {
      const old = document.getElementById(part.id);
      if (old && !old.contains(document.activeElement)) old.innerHTML = part.innerHTML;
    }
    const title = page.querySelector("[data-poll-title]")?.dataset.pollTitle;
    if (title) document.title = title;
    refreshAll();
    this.box.dispatchEvent(new CustomEvent("polled", { bubbles: true, detail: { news, rows: [...next.keys()] } }));
  }

  show() {
    if (!this.waiting) return;
    const page = new DOMParser().parseFromString(this.waiting, "text/html");
    const fresh = page.getElementById(this.id) ?? page.body;
    this.box.innerHTML = fresh.innerHTML;
    window.htmx?.process(this.box);
    this.waiting = null;
    this.news = 0;
    refreshAll();
    this.say();
  }

  say() {
    if (!this.bar) return;
    const show = this.bar.querySelector("[data-poll-show]");
    if (show) {
      show.hidden = !this.news;
      const words = show.querySelector("[data-poll-news]");
      if (words) words.textContent = say("news", this.news || 0);
    }
    const age = this.bar.querySelector("[data-poll-age]");
    if (!age) return;
    const time = new Date(this.since).toTimeString().slice(0, 8);
    const isStale = this.faults >= 2;
    age.textContent = isStale ? say("stale", sayDuration((Date.now() - this.since) / 1000)) : say("updated", time);
    age.classList.toggle("text-danger", isStale);
  }
}

for (const box of document.querySelectorAll("[data-poll]")) views.push(new View(box));
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) for (const view of views) view.ask();
});

export function showNews() {
  let shown = false;
  for (const view of views) if (view.news) { view.show(); shown = true; }
  if (!shown) for (const view of views) view.ask(true).then(() => view.show());
}
