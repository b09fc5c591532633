// The session ended under an open page: log in over it, then what was sent goes again.
import { setToken, token } from "./csrf.js";
import { toast } from "./toast.js";
import { say } from "./words.js";

const account = document.body.dataset.account;
const layer = document.getElementById("login-again");
const waiting = [];

// Who is signed in in this browser now, and the token his forms need.
async function present() {
  const answer = await fetch("/login/again/", { headers: { Accept: "application/json" } });
  return answer.json();
}

async function show() {
  if (!layer || layer.open) return;
  const answer = await fetch(`/login/again/?account=${account}`, { headers: { "HX-Request": "true" } });
  layer.innerHTML = await answer.text();
  layer.showModal();
  const form = layer.querySelector("form");
  form?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const body = new FormData(form);
    body.set("account", account);
    const reply = await fetch("/login/again/", {
      method: "POST", body, headers: { "X-Requested-With": "XMLHttpRequest", Accept: "application/json", "X-CSRFToken": body.get("csrfmiddlewaretoken") ?? token() },
    });
    delete form.dataset.sending;
    if (reply.status === 204) {
      setToken(reply.headers.get("X-CSRFToken"));
      layer.close();
      for (const again of waiting.splice(0)) again();
      return;
    }
    const { message } = await reply.json().catch(() => ({ message: say("serverFault", reply.status) }));
    let line = form.querySelector("[role=alert]");
    if (!line) {
      line = document.createElement("p");
      line.setAttribute("role", "alert");
      line.className = "invalid-feedback";
      form.prepend(line);
    }
    line.textContent = message;
    form.querySelector("input[name=csrfmiddlewaretoken]").value = (await present()).csrf_token;
    form.querySelector("input[type=password]")?.select();
  });
}

// Runs ``again`` once the person is back; the page and what was typed stay.
export function askLogin(again) {
  if (again) waiting.push(again);
  show();
}

// Another window signed in since this page opened, so its token is old. The same person goes on
// with a new token; anybody else is asked to log in, and what was typed is not sent for him.
let renewedAt = -Infinity;
async function renew(again) {
  const { account: now, csrf_token: fresh } = await present();
  const failedAgain = performance.now() - renewedAt < 3000;
  if (String(now) !== account || failedAgain) return askLogin(again);
  renewedAt = performance.now();
  setToken(fresh);
  return again();
}

const isOldForm = (headers) => headers("HX-Trigger") === "form-expired";

// fetch that survives an expired session: answers only after a new login.
export async function send(url, options = {}) {
  const answer = await fetch(url, {
    ...options,
    headers: { "X-Requested-With": "XMLHttpRequest", "X-CSRFToken": token(), ...options.headers },
  });
  if (answer.status === 403 && isOldForm((name) => answer.headers.get(name))) {
    return new Promise((resolve) => renew(() => resolve(send(url, options))));
  }
  if (answer.status !== 401) return answer;
  return new Promise((resolve) => askLogin(() => resolve(send(url, options))));
}

document.body.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, requestConfig } = event.detail;
  const isOld = xhr.status === 403 && isOldForm((name) => xhr.getResponseHeader(name));
  if (xhr.status !== 401 && !isOld) return;
  event.detail.shouldSwap = false;
  const { elt, triggeringEvent } = requestConfig;
  (isOld ? renew : askLogin)(() => {
    const submitter = triggeringEvent?.submitter;
    if (elt.matches("form")) elt.requestSubmit(submitter && elt.contains(submitter) ? submitter : undefined);
    else if (elt.isConnected) elt.click();
  });
});
document.body.addEventListener("htmx:responseError", (event) => {
  const { status } = event.detail.xhr;
  if (status === 401 || isOldForm((name) => event.detail.xhr.getResponseHeader(name))) return;
  const fault = event.detail.xhr.getResponseHeader("X-Request-Id") || status;
  let text = say("serverFault", fault);
  if (status === 403) text = say("forbidden");
  if (status === 404) text = say("gone");
  toast(text, { level: "error" });
});
// No network: the page says so and sends again by itself. Doing it twice does no harm, since a
// form that may be sent again carries its own key.
const unsent = new Map();

document.body.addEventListener("htmx:sendError", (event) => {
  const { elt, triggeringEvent } = event.detail.requestConfig;
  if (!elt.matches("form[data-draft]")) return toast(say("network"), { level: "error" });
  if (!unsent.has(elt)) toast(say("network"), { level: "warning" });
  unsent.set(elt, triggeringEvent?.submitter);
});

async function sendUnsent() {
  if (!unsent.size || !navigator.onLine) return;
  const answer = await fetch("/livez/", { cache: "no-store" }).catch(() => null);
  if (!answer?.ok) return;
  for (const [form, submitter] of unsent) {
    unsent.delete(form);
    if (form.isConnected) form.requestSubmit(submitter && form.contains(submitter) ? submitter : undefined);
  }
}

setInterval(sendUnsent, 5000);
window.addEventListener("online", sendUnsent);

const banner = document.getElementById("offline");
function network() {
  if (banner) banner.hidden = navigator.onLine;
}
window.addEventListener("online", network);
window.addEventListener("offline", network);
network();
