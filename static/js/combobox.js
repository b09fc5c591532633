// ARIA 1.2 combobox over a server that answers <li role="option"> lines.
// <input data-combobox="/address/" aria-controls="list-id">; picking fires "pick" on the input.
// Latest question wins; Enter within 500 ms of the last key waits for the answer to that text.
import { announce, say } from "./words.js";
import { askLogin } from "./session.js";

const DEBOUNCE_MS = 120;
const ENTER_WAITS_MS = 500;
const boxes = new WeakMap();
const pending = new Set();

// Resolves once no pick waits for the server any more: forms ask before they send.
export function settled() {
  return Promise.all([...pending]);
}

export function isPending() {
  return pending.size > 0;
}

class Box {
  constructor(input) {
    this.input = input;
    this.list = document.getElementById(input.getAttribute("aria-controls"));
    this.asked = "";     // text of the newest question
    this.answered = null; // text that the lines on the screen answer
    this.at = -1;
    this.picked = "";
  }

  get text() {
    const value = this.input.value;
    // While the input method composes, its value is w'x'm: only the lookup box reads along.
    return (this.input.hasAttribute("data-while-composing") ? value.replaceAll("'", "") : value).trim();
  }

  get options() {
    return [...this.list.querySelectorAll("[role=option]")];
  }

  typed() {
    clearTimeout(this.timer);
    if (this.text === this.picked) return this.close();
    if (!this.text) {
      this.abort?.abort();
      this.asked = "";
      this.answered = null;
      return this.close();
    }
    this.timer = setTimeout(() => this.ask(), DEBOUNCE_MS);
  }

  ask() {
    clearTimeout(this.timer);
    const text = this.text;
    if (text === this.asked && this.answering) return this.answering;
    this.abort?.abort();
    const abort = new AbortController();
    this.abort = abort;
    this.asked = text;
    this.answering = this.fetch(text, abort).finally(() => {
      if (this.abort === abort) this.answering = null;
    });
    return this.answering;
  }

  async fetch(text, abort) {
    const url = new URL(this.input.dataset.combobox, location.origin);
    url.searchParams.set("q", text);
    const estate = this.input.form?.elements.estate?.value;
    if (estate) url.searchParams.set("estate", estate);
    let answer;
    try {
      answer = await fetch(url, { signal: abort.signal, headers: { "HX-Request": "true" } });
    } catch {
      return; // aborted, or no network: what was typed is enough to save
    }
    if (answer.status === 401) return askLogin(() => this.ask());
    if (!answer.ok) return;
    const html = await answer.text();
    if (abort.signal.aborted || text !== this.text) return;
    this.list.innerHTML = html;
    this.answered = text;
    const count = this.options.length;
    this.options.forEach((option, index) => { option.id ||= `${this.list.id}-${index}`; });
    if (document.activeElement === this.input) this.open();
    this.mark(count ? 0 : -1);
    announce(count ? say("matches", count) : say("noMatch"));
    this.input.dispatchEvent(new CustomEvent("matches", { bubbles: true, detail: { count } }));
  }

  open() {
    this.list.hidden = !this.list.children.length;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    this.at = -1;
  }

  mark(index) {
    const options = this.options;
    this.at = options.length ? (index + options.length) % options.length : -1;
    options.forEach((option, i) => option.setAttribute("aria-selected", String(i === this.at)));
    const option = options[this.at];
    if (!option) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView?.({ block: "nearest" });
    this.input.dispatchEvent(new CustomEvent("highlight", { bubbles: true, detail: { option } }));
  }

  pick(index) {
    const option = this.options[index];
    if (!option) return;
    const value = option.dataset.value ?? option.textContent.trim();
    this.input.value = value;
    this.picked = this.text;
    this.close();
    this.input.dispatchEvent(new CustomEvent("pick", { bubbles: true, detail: { option } }));
    this.input.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // Enter: take the highlighted line if it answers the present text, else wait for that answer.
  // "passed" is fired at once, so that the next keys land in the next field.
  enter() {
    if (!this.text || this.text === this.picked) return this.input.dispatchEvent(new CustomEvent("passed", { bubbles: true }));
    if (this.answered === this.text) {
      if (this.at >= 0) this.pick(this.at);
      else this.close();
      return this.input.dispatchEvent(new CustomEvent("passed", { bubbles: true }));
    }
    const wait = Promise.race([this.ask(), new Promise((resolve) => setTimeout(resolve, ENTER_WAITS_MS))]).then(() => {
      if (this.answered === this.text && this.options.length) this.pick(0);
      this.close();
    });
    pending.add(wait);
    wait.finally(() => pending.delete(wait));
    this.input.dispatchEvent(new CustomEvent("passed", { bubbles: true }));
  }
}

export function boxOf(input) {
  if (!boxes.has(input)) boxes.set(input, new Box(input));
  return boxes.get(input);
}

function target(event) {
  return event.target.closest?.("[data-combobox]");
}

document.addEventListener("input", (event) => {
  const input = target(event);
  if (!input) return;
  if (event.isComposing && !input.hasAttribute("data-while-composing")) return;
  boxOf(input).typed();
});
document.addEventListener("compositionend", (event) => {
  const input = target(event);
  if (input) boxOf(input).typed();
});
document.addEventListener("keydown", (event) => {
  const input = target(event);
  if (!input || event.isComposing || event.keyCode === 229) return;
  const box = boxOf(input);
  const isOpen = !box.list.hidden;
  if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault(); // Enter takes a line, it never submits the form
    box.enter();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (isOpen) box.mark(box.at + (event.key === "ArrowDown" ? 1 : -1));
    else if (box.answered === box.text) { box.open(); box.mark(0); } else box.ask();
  } else if (event.key === "Escape" && isOpen) {
    event.preventDefault();
    event.stopPropagation();
    box.close();
  } else if (event.altKey && /^Digit[1-9]$/.test(event.code) && isOpen) {
    event.preventDefault();
    box.pick(Number(event.code.slice(5)) - 1);
    input.dispatchEvent(new CustomEvent("passed", { bubbles: true }));
  }
}, true);
document.addEventListener("focusout", (event) => {
  const input = target(event);
  if (input) setTimeout(() => { if (document.activeElement !== input) boxOf(input).close(); }, 150);
});
document.addEventListener("mousedown", (event) => {
  const option = event.target.closest?.("[role=option]");
  const list = option?.closest("[role=listbox]");
  const input = list && document.querySelector(`[data-combobox][aria-controls="${list.id}"]`);
  if (!input) return;
  event.preventDefault();
  const box = boxOf(input);
  box.pick(box.options.indexOf(option));
  input.dispatchEvent(new CustomEvent("passed", { bubbles: true }));
});
