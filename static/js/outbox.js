// <form data-outbox="name">: kept in this browser first, then sent; without signal sent later, the
// oldest first, under the account that wrote it. The server knows each record by its key, so that
// sending it often makes one.
import { setToken, token } from "./csrf.js";
import { forget } from "./drafts.js";
import { all, put, remove } from "./offline-store.js";
import { askLogin } from "./session.js";
import { begin, end } from "./submit-once.js";
import { toast } from "./toast.js";
import { uuid } from "./uuid.js";
import { announce, say } from "./words.js";

const account = document.body.dataset.account;
const bar = document.getElementById("outbox-bar");
const list = document.getElementById("outbox-list");
const RETRY_MS = 15000;
const PATIENCE_MS = 60000; // a photo over a slow line takes its time
const OWN = new Set(["csrfmiddlewaretoken", "client_key", "happened_at", "kept", "account", "version", "next"]);

const mine = async () => (await all("items")).filter((item) => item.account === account).sort((a, b) => a.order - b.order);

async function present() {
  const answer = await fetch("/login/again/", { headers: { Accept: "application/json" }, cache: "no-store" });
  return answer.json();
}

function write(form) {
  const fields = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !OWN.has(name));
  const chosen = form.pictures ?? [...(form.querySelector("input[type=file]")?.files ?? [])];
  const at = new Date();
  return {
    key: uuid(), account, url: form.action, fields, at: at.toISOString(), order: at.getTime(),
    photos: chosen.map((blob, index) => ({ blob, name: blob.name || `${index + 1}.jpg` })),
    label: form.dataset.outbox, state: "new", message: "",
  };
}

function parcel(item, isLate, extra = []) {
  const body = new FormData();
  for (const [name, value] of [...item.fields, ...extra]) body.append(name, value);
  body.set("client_key", item.key);
  body.set("happened_at", item.at);
  body.set("account", item.account);
  if (isLate) body.set("kept", "on");
  for (const { blob, name } of item.photos) body.append("photos", blob, name);
  return body;
}

// One attempt: the answer, or nothing without network. A page's old token is renewed once, and
// only for the person who wrote the record.
async function post(item, isLate, extra, again = true) {
  const answer = await fetch(item.url, {
    method: "POST", body: parcel(item, isLate, extra), headers: { "X-Requested-With": "XMLHttpRequest", "HX-Request": "true", "X-CSRFToken": token() },
    signal: AbortSignal.timeout?.(PATIENCE_MS),
  }).catch(() => null);
  if (answer?.status === 403 && answer.headers.get("HX-Trigger") === "form-expired" && again) {
    const now = await present().catch(() => null);
    if (!now || String(now.account) !== account) return answer;
    setToken(now.csrf_token);
    return post(item, isLate, extra, false);
  }
  return answer;
}

const isFault = (status) => status >= 500 || status === 401 || status === 429;

async function submit(form, submitter) {
  const item = write(form);
  const page = ["version", "next"].filter((name) => form.elements[name]?.value).map((name) => [name, form.elements[name].value]);
  begin(form, submitter);
  const isSafe = await put("items", item);
  const answer = navigator.onLine ? await post(item, false, page) : null;
  if (answer && !isFault(answer.status)) {
    await remove("items", item.key);
    if (answer.ok) return done(form, answer.headers.get("HX-Redirect") || form.dataset.next || location.href);
    end(form);
    return refused(form, answer);
  }
  end(form);
  if (isSafe) letGo(form);
  toast(say(answer && answer.status !== 401 ? "serverFault" : "network", answer?.status ?? ""), { level: "warning" });
  await show();
  form.closest("dialog")?.close();
  if (answer?.status === 401) askLogin(send);
}

function letGo(form) {
  if (form.dataset.draft) forget(form);
  if (form.dataset.draft) remove("photos", `${account}:${form.dataset.draft}`);
}

function done(form, where) {
  letGo(form);
  const same = new URL(where, location.href);
  if (same.href === location.href) location.reload();
  else location.href = same.href;
}

// What the server says against it is shown where it was written; everything stays filled in.
async function refused(form, answer) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const frame = form.closest("#callback") ?? form.closest("main");
  const news = frame && page.querySelector(frame.id ? `#${frame.id}` : "main");
  if (!news) return toast(say(answer.status === 403 ? "forbidden" : answer.status === 404 ? "gone" : "serverFault", answer.status), { level: "error" });
  frame.replaceWith(news);
  window.htmx?.process(news);
  document.dispatchEvent(new CustomEvent("page:replaced"));
  (news.querySelector("[role=alert], .invalid-feedback") ?? news).scrollIntoView({ block: "nearest" });
}

let sending;
function send() {
  sending ??= (navigator.locks ? navigator.locks.request("outbox", { ifAvailable: true }, (lock) => (lock ? sendAll() : null)) : sendAll())
    .catch(() => null).finally(() => { sending = null; });
  return sending;
}

async function sendAll() {
  const waiting = (await mine()).filter((item) => item.state !== "refused");
  if (!waiting.length || !account) return;
  const now = await present().catch(() => null);
  if (!now || String(now.account) !== account) return; // no network, or somebody else is signed in
  setToken(now.csrf_token);
  let sent = 0;
  for (const item of waiting) {
    const answer = await post(item, true, []);
    if (!answer || isFault(answer.status) || answer.status === 409) break;
    if (answer.ok) {
      await remove("items", item.key);
      sent += 1;
    } else {
      await put("items", { ...item, state: "refused", message: String(answer.status) });
    }
  }
  await show();
  if (sent) {
    announce(bar?.dataset.sent.replace("#", sent));
    document.dispatchEvent(new CustomEvent("outbox:sent"));
    if (bar) toast(bar.dataset.sent.replace("#", sent));
  }
}

// How many wait, on every page; rows and forms of what waits say so.
async function show() {
  const items = await mine();
  if (bar) {
    bar.hidden = !items.length;
    bar.querySelector("[data-outbox-count]").textContent = items.length;
  }
  const paths = new Map(items.map((item) => [new URL(item.url, location.href).pathname, item]));
  for (const form of document.querySelectorAll("form[data-outbox]")) {
    const waits = paths.has(new URL(form.action, location.href).pathname);
    for (const part of form.querySelectorAll("[data-fill]")) part.hidden = waits;
    for (const part of form.querySelectorAll("[data-waiting]")) part.hidden = !waits;
  }
  for (const link of document.querySelectorAll("a[data-keep]")) {
    const waits = paths.has(link.pathname);
    if (waits === Boolean(link.dataset.unsent)) continue;
    if (waits) {
      link.dataset.unsent = link.textContent;
      link.textContent = bar?.dataset.unsent ?? link.textContent;
    } else {
      link.textContent = link.dataset.unsent;
      delete link.dataset.unsent;
    }
  }
  fill(items);
}

function fill(items) {
  if (!list) return;
  const blank = list.querySelector("template");
  for (const row of list.querySelectorAll("li")) row.remove();
  for (const item of items) {
    const row = blank.content.firstElementChild.cloneNode(true);
    row.querySelector("[data-label]").textContent = item.label;
    row.querySelector("time").textContent = new Date(item.at).toTimeString().slice(0, 5);
    row.querySelector("[data-refused]").hidden = item.state !== "refused";
    row.querySelector("[data-text]").textContent = item.fields.map(([, value]) => value).filter(Boolean).join(" · ");
    row.querySelector("[data-open]").href = item.url;
    row.querySelector("[data-drop]").addEventListener("click", async (event) => {
      if (!event.target.dataset.sure) {
        event.target.dataset.sure = "1";
        event.target.textContent = list.dataset.sure;
        return;
      }
      await remove("items", item.key);
      show();
    });
    list.append(row);
  }
}

// In the capturing phase, before htmx: the outbox sends for both kinds of forms.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-outbox]") || !account) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!form.dataset.sending) submit(form, event.submitter);
}, true);
bar?.addEventListener("click", async () => {
  document.getElementById("outbox").showModal();
  for (const item of await mine()) if (item.state === "refused") await put("items", { ...item, state: "new" });
  send();
});
document.getElementById("outbox")?.querySelector("[data-outbox-close]")?.addEventListener("click", (event) => event.target.closest("dialog").close());
document.addEventListener("htmx:afterSwap", show);
document.addEventListener("page:replaced", show);

if (account) {
  show().then(send);
  addEventListener("online", send);
  setInterval(send, RETRY_MS);
}
// Leaving warns once where nothing could send later but this page.
addEventListener("beforeunload", (event) => {
  if (isSecureContext || !bar || bar.hidden || sessionStorage.getItem("outbox-warned")) return;
  sessionStorage.setItem("outbox-warned", "1");
  event.preventDefault();
});
