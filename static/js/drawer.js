// The intake drawer over any page: opens at once from the page's template, even without network.
import { start } from "./intake.js";
import { kept, restore } from "./drafts.js";
import { send } from "./session.js";
import { say } from "./words.js";
import { toast } from "./toast.js";

const drawer = document.getElementById("drawer");
const template = document.getElementById("intake-template");
const page = document.querySelector("main [data-intake]");
let opener = null;

function focusFirst(root) {
  const wrong = root.querySelector(".is-invalid, [aria-invalid=true]");
  const who = root.querySelector("[name=who]");
  const next = who?.value ? root.querySelector("[name=content]") : who;
  (wrong ?? next)?.focus();
}

function fill(html) {
  drawer.replaceChildren();
  if (html) drawer.innerHTML = html;
  else drawer.append(template.content.cloneNode(true));
  window.htmx?.process(drawer);
  const form = drawer.querySelector("form");
  if (!html && kept("intake")) restore(form);
  start(form);
}

function open() {
  if (!drawer.open) drawer.show();
  document.documentElement.classList.add("has-drawer");
  focusFirst(drawer);
}

export function close() {
  if (!drawer.open) return;
  drawer.close();
  document.documentElement.classList.remove("has-drawer");
  opener?.focus();
}

async function openFilled(url) {
  const answer = await send(url, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok) return toast(say("network"), { level: "error" });
  fill(await answer.text());
  open();
}

function openEmpty() {
  if (!drawer.querySelector("form")) fill("");
  open();
}

if (page) {
  const form = page.querySelector("form");
  if (form && !form.querySelector(".is-invalid, .error-summary") && !form.elements.who.value && kept("intake")) restore(form);
  start(form);
  focusFirst(page);
}
if (drawer && template) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-drawer]");
    if (link && !event.ctrlKey && !event.metaKey && event.button === 0) {
      event.preventDefault();
      if (page && !new URL(link.href).search) return focusFirst(page);
      opener = link;
      if (new URL(link.href).search) openFilled(link.href);
      else openEmpty();
    } else if (event.target.closest("[data-drawer-close]")) {
      close();
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing && drawer.open && !event.defaultPrevented && !document.querySelector("dialog:modal")) close();
  });
}
// Saved or refused: the server sends the next form into the same place. After settling, since
// htmx lends the new elements the attributes of the old ones until then.
document.addEventListener("htmx:afterSettle", (event) => {
  const box = event.target.closest?.("[data-intake]") ?? event.detail.target?.closest?.("[data-intake]");
  const root = drawer?.open ? drawer : page?.parentElement ?? document;
  const form = (box ?? root).querySelector?.("form[data-draft=intake]");
  if (!form || form.dataset.started) return;
  start(form);
  focusFirst(form);
});
