// <form data-draft="name">: kept in this browser each second, under the account that typed it.
import { announce, say } from "./words.js";

const account = document.body.dataset.account;
const SKIP = new Set(["csrfmiddlewaretoken", "next", "version"]);

const keyOf = (form) => `draft:${account}:${form.dataset.draft}`;

function fieldsOf(form) {
  return [...form.elements].filter((field) => field.name && !SKIP.has(field.name)
    && !["file", "password", "submit", "button", "fieldset"].includes(field.type));
}

function read(form) {
  const values = {};
  for (const field of fieldsOf(form)) {
    if (field.type === "radio" || field.type === "checkbox") {
      if (field.checked) values[field.name] = [...(values[field.name] ?? []), field.value];
    } else if (field.type === "select-multiple") {
      values[field.name] = [...field.selectedOptions].map((option) => option.value);
    } else {
      values[field.name] = field.value;
    }
  }
  return values;
}

export function put(form, values) {
  for (const field of fieldsOf(form)) {
    const kept = values[field.name];
    if (field.type === "radio" || field.type === "checkbox") field.checked = kept?.includes(field.value) ?? false;
    else if (kept !== undefined && field.type !== "select-multiple") field.value = kept;
  }
}

function keep(form) {
  if (!account) return;
  try {
    localStorage.setItem(keyOf(form), JSON.stringify({ at: Date.now(), values: read(form) }));
  } catch {
    // A full or forbidden store: the form itself still holds everything.
  }
}

export function forget(form) {
  clearTimeout(form.draftTimer);
  form.dataset.draftClosed = "1";
  localStorage.removeItem(keyOf(form));
}

export function kept(name) {
  try {
    return JSON.parse(localStorage.getItem(`draft:${account}:${name}`));
  } catch {
    return null;
  }
}

export function restore(form) {
  const found = account && kept(form.dataset.draft);
  if (!found) return false;
  put(form, found.values);
  const folded = form.closest("details:not([open])");
  if (folded && [...form.querySelectorAll("input[type=text], input:not([type]), textarea")].some((field) => field.value)) folded.open = true;
  form.dispatchEvent(new CustomEvent("draft:restored", { bubbles: true, detail: found }));
  announce(say("draftRestored"));
  return true;
}

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-draft]");
  if (!form || form.draftTimer || form.dataset.draftClosed) return;
  form.draftTimer = setTimeout(() => {
    form.draftTimer = null;
    if (form.isConnected && !form.dataset.draftClosed) keep(form);
  }, 1000);
});
window.addEventListener("pagehide", () => {
  for (const form of document.querySelectorAll("form[data-draft]")) {
    if (form.draftTimer) keep(form);
  }
});

// Saved: forget. An htmx form says so by its status; a plain one by the page that follows.
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.requestConfig?.elt; // the target is the body when the form was replaced
  if (form?.matches("form[data-draft]") && event.detail.successful) forget(form);
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-draft]") || form.matches("[hx-post]")) return;
  keep(form);
  clearTimeout(form.draftTimer);
  form.draftTimer = null;
  sessionStorage.setItem("draft-sent", keyOf(form));
});

// The page after a plain submit: it was saved if the page says so, or has no form of that name any
// more. A log shows its form again, empty, for the next line.
const sent = sessionStorage.getItem("draft-sent");
sessionStorage.removeItem("draft-sent");
const forms = [...document.querySelectorAll("form[data-draft]")];
const isGone = !forms.some((form) => keyOf(form) === sent);
const isSaved = isGone || document.querySelector("#toasts .toast-success");
if (sent && isSaved && !document.body.hasAttribute("data-server-fault")) localStorage.removeItem(sent);
for (const form of forms) {
  const refused = form.querySelector(".is-invalid, .invalid-feedback, .error-summary, [aria-invalid=true]");
  if (!refused && form.dataset.draft !== "intake") restore(form);
}

// A shared PC: leaving for good takes the drafts of this account along.
for (const form of document.querySelectorAll("form[data-logout]")) {
  form.addEventListener("submit", () => {
    for (const key of Object.keys(localStorage)) if (key.startsWith(`draft:${account}:`)) localStorage.removeItem(key);
  });
}
