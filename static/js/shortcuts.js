// The keyboard of screens.md 3.1. Letters by event.code; nothing while an input method composes.
// Buttons and links name their key: data-key="F8". Single letters only if the person left them on.
import { undoLast } from "./toast.js";
import { showNews } from "./poll.js";

const singles = document.body.hasAttribute("data-single-keys");
const PLACES = {
  KeyT: "/today/", KeyD: "/repairs/", KeyW: "/dispatch/", KeyF: "/followups/", KeyK: "/appraisal/",
};
const FIELDS = "input:not([type=hidden]), select, textarea";
let goUntil = 0;

function inField(element) {
  return element?.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(element?.tagName)
    && !["button", "submit", "checkbox", "radio"].includes(element.type);
}

function visible(element) {
  return element && element.getClientRects().length > 0 && !element.closest("[hidden], [inert]");
}

function scope() {
  const open = [...document.querySelectorAll("dialog[open]")].pop();
  return open ?? document;
}

function byKey(key) {
  const row = document.activeElement?.closest("[data-row]") ?? document.querySelector("[data-row].is-here");
  const chosen = row?.querySelector(`[data-key="${key}"]`);
  if (visible(chosen) && scope() === document) return chosen;
  const here = [...scope().querySelectorAll(`[data-key="${key}"]`)].find(visible);
  return here ?? [...document.querySelectorAll(`[data-key="${key}"]`)].find(visible);
}

// A step that several rows offer is taken on the row that was chosen: not on the first of them.
function isUnchosen(element) {
  const row = element?.matches("[type=submit]") && scope() === document && element.closest("[data-row]");
  if (!row || row.contains(document.activeElement) || row.classList.contains("is-here")) return false;
  return rows().filter((each) => each.querySelector(`[data-key="${element.dataset.key}"]`)).length > 1;
}

function press(element) {
  if (!element) return false;
  if (isUnchosen(element)) return step(1);
  if (element.tagName === "SUMMARY") {
    const box = element.parentElement;
    const field = box.querySelector(FIELDS);
    if (!box.open || !field) element.click();
    field?.focus();
    return true;
  }
  if (["INPUT", "TEXTAREA", "SELECT"].includes(element.tagName) && element.type !== "radio") {
    element.focus();
    element.select?.();
  } else {
    element.click();
    if (element.type === "radio") element.focus();
  }
  return true;
}

function mainForm() {
  const focused = document.activeElement?.closest("form[data-main], form");
  if (focused && focused.method !== "get") return focused;
  return scope().querySelector("form[data-main]") ?? document.querySelector("main form[data-main]");
}

function submit(which) {
  const form = mainForm();
  if (!form) return false;
  const button = [...form.querySelectorAll(`[data-key="${which}"]`)].find((each) => each.checkVisibility())
    ?? (which === "Ctrl+Enter" ? form.querySelector("button[type=submit]:not([data-minor]), button:not([type])") : null);
  if (!button || button.disabled) return false;
  form.requestSubmit(button);
  return true;
}

function rows() {
  return [...document.querySelectorAll("main [data-row]")].filter(visible);
}

function mark(chosen) {
  for (const row of document.querySelectorAll("main [data-row].is-here")) if (row !== chosen) row.classList.remove("is-here");
  chosen.classList.add("is-here");
}

function stand(row) {
  mark(row);
  (row.querySelector("a[href], button") ?? row).focus();
  row.scrollIntoView({ block: "nearest" });
}

function step(by) {
  const all = rows();
  if (!all.length) return false;
  const focused = all.findIndex((row) => row.contains(document.activeElement));
  const at = focused >= 0 ? focused : all.findIndex((row) => row.classList.contains("is-here"));
  stand(all[Math.min(Math.max(at + by, 0), all.length - 1)]);
  return true;
}

// Out of a field of a row, back to the row: J and K work again, and what was typed stays there.
function leaveField(field) {
  const row = field.closest?.("main [data-row]");
  if (!row || !inField(field) || scope() !== document) return false;
  stand(row);
  return true;
}

function modified(event) {
  const name = event.code.replace(/^(Key|Digit)/, "");
  if (event.ctrlKey || event.metaKey) {
    if (event.altKey || event.shiftKey) return false;
    if (event.code === "Enter" || event.code === "NumpadEnter") return submit("Ctrl+Enter");
    if (event.code === "KeyS") return submit("Ctrl+S");
    if (event.code === "KeyZ" && !inField(event.target)) return undoLast();
    return false;
  }
  if (event.altKey) return press(byKey(`Alt+${name}`));
  return /^F\d+$/.test(event.code) && press(byKey(event.code));
}

function single(event) {
  if (event.shiftKey && event.code === "Slash") {
    document.getElementById("shortcuts")?.showModal();
    return true;
  }
  if (event.shiftKey) return false;
  const modal = document.querySelector("dialog:modal");
  if (modal) {
    const key = event.code.replace(/^(Key|Digit|Numpad)/, "");
    return key.length === 1 && press([...modal.querySelectorAll(`[data-key="${key}"]`)].find(visible));
  }
  if (Date.now() < goUntil) {
    goUntil = 0;
    const link = document.querySelector(`.rail a[href="${PLACES[event.code]}"]`);
    if (link) {
      location.href = link.href;
      return true;
    }
  }
  switch (event.code) {
    case "Slash": return press(byKey("/"));
    case "KeyG": goUntil = Date.now() + 1500; return true;
    case "KeyJ": return step(1);
    case "KeyK": return step(-1);
    case "KeyR": if (document.querySelector("[data-poll]")) { showNews(); return true; } return false;
    case "KeyZ": return undoLast();
    default: {
      const key = event.code.replace(/^(Key|Digit)/, "");
      return key.length === 1 && press(byKey(key));
    }
  }
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229 || event.defaultPrevented || event.repeat) return;
  const isModified = event.ctrlKey || event.metaKey || event.altKey || /^F\d+$/.test(event.code);
  let done = false;
  if (event.code === "Escape") done = leaveField(event.target);
  else if (isModified) done = modified(event);
  else if (singles && !inField(event.target)) done = single(event);
  if (done) event.preventDefault();
});
// Tab and the mouse choose a row as J and K do, so that a letter acts where the eye is.
document.addEventListener("focusin", (event) => {
  const row = event.target.closest?.("main [data-row]");
  if (row && document.querySelector("main [data-row].is-here")) mark(row);
});
// A list that was left for one row comes back at it: /…/#row
const returned = document.getElementById(location.hash.slice(1));
if (returned?.matches("main [data-row]")) stand(returned);
