// Pages with [data-offline] are kept on this phone, with the pages that their a[data-keep] lead to.
// What was kept belongs to one account: it goes when somebody logs out or another logs in.
const account = document.body.dataset.account;
const FRESH_MS = 10 * 60 * 1000;
const mark = document.querySelector("[data-offline]");
// A desk has its cable: what is carried around keeps pages.
const isCarried = matchMedia("(max-width: 1023.98px), (pointer: coarse)").matches;
const hasWorker = isSecureContext && "serviceWorker" in navigator && "caches" in window;
const mine = `pages-${account}`;

async function drop(isKept = () => false) {
  if (!("caches" in window)) return;
  for (const name of await caches.keys()) if (name.startsWith("pages-") && !isKept(name)) await caches.delete(name);
  for (const key of Object.keys(localStorage)) if (key.startsWith("kept:") && !(account && isKept(mine) && key.startsWith(`kept:${account}:`))) localStorage.removeItem(key);
}

async function keep(url, isSheet, always) {
  const stamp = `kept:${account}:${url}`;
  if (!always && Date.now() - Number(localStorage.getItem(stamp) ?? 0) < FRESH_MS) return;
  const answer = await fetch(url, isSheet ? { headers: { "HX-Request": "true", "X-Requested-With": "XMLHttpRequest" } } : {}).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const text = await answer.clone().text();
  if (!isSheet && !text.includes(`data-account="${account}"`)) return;
  const pages = await caches.open(mine);
  await pages.put(isSheet ? `${url}?sheet=1` : url, answer);
  await keepAssets([...text.matchAll(/(?:href|src)="(\/static\/[^"#]+)/g)].map((found) => found[1]));
  localStorage.setItem(stamp, String(Date.now()));
}

async function keepAssets(urls) {
  const name = (await caches.keys()).find((each) => each.startsWith("static-"));
  if (!name) return;
  const assets = await caches.open(name);
  for (const url of new Set(urls)) if (!(await assets.match(url))) await assets.add(url).catch(() => null);
}

async function begin() {
  await navigator.serviceWorker.register("/sw.js");
  await navigator.serviceWorker.ready;
  if (!navigator.onLine) return;
  const loaded = performance.getEntriesByType("resource").map((entry) => new URL(entry.name)).filter((url) => url.origin === location.origin && url.pathname.startsWith("/static/"));
  await keepAssets(loaded.map((url) => url.pathname));
  await keep(location.pathname + location.search, false, true);
  for (const link of document.querySelectorAll("a[data-keep]")) await keep(link.pathname + link.search, link.hasAttribute("data-sheet"), false);
  document.documentElement.dataset.kept = "1";
}

async function sayStale() {
  const line = mark.querySelector("[data-stale]");
  const answer = navigator.onLine && await fetch("/livez/", { cache: "no-store" }).catch(() => null);
  await answer?.text?.();
  if (line) line.hidden = Boolean(answer?.ok);
}

if (account) drop((name) => name === mine);
else if (location.pathname === "/login/") drop();
for (const form of document.querySelectorAll("form[data-logout]")) form.addEventListener("submit", () => drop());

if (mark && account && isCarried) {
  addEventListener("online", sayStale);
  addEventListener("offline", sayStale);
  sayStale();
  if (hasWorker) begin().catch(() => null);
  else mark.querySelector("[data-no-worker]").hidden = false;
  document.addEventListener("outbox:sent", () => { if (hasWorker) keep(location.pathname + location.search, false, true); });
}
