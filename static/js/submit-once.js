// A second press is ignored while the first is under way, and the button says so.
import { say } from "./words.js";

export function begin(form, button) {
  form.dataset.sending = "1";
  if (!button) return;
  button.setAttribute("aria-busy", "true");
  const label = button.querySelector("span") ?? (button.children.length ? null : button);
  if (!label) return;
  button.dataset.label = label.textContent;
  label.textContent = say("saving");
}

export function end(form) {
  delete form.dataset.sending;
  for (const button of form.querySelectorAll("[aria-busy=true]")) {
    button.removeAttribute("aria-busy");
    const label = button.querySelector("span") ?? button;
    if (button.dataset.label) label.textContent = button.dataset.label;
    delete button.dataset.label;
  }
}

// In the capturing phase, so that a second press never reaches htmx.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method === "get" || form.method === "dialog") return;
  if (form.dataset.sending) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}, true);
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method === "get" || form.method === "dialog") return;
  const isHtmx = form.matches("[hx-post],[data-hx-post]");
  if (!event.defaultPrevented || isHtmx) begin(form, event.submitter);
});
for (const name of ["htmx:afterRequest", "htmx:sendError", "htmx:responseError", "htmx:abort"]) {
  document.addEventListener(name, (event) => {
    const form = (event.detail.requestConfig?.elt ?? event.target).closest?.("form");
    if (form) end(form);
  });
}
window.addEventListener("pageshow", (event) => {
  if (event.persisted) for (const form of document.forms) end(form);
});
// A form sent by the keyboard names its button too, as a click does.
document.addEventListener("htmx:configRequest", (event) => {
  const button = event.detail.triggeringEvent?.submitter;
  if (button?.name) event.detail.formData.set(button.name, button.value);
});
