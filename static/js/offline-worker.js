// The service worker: the network first; without it what the page kept (offline.js), or a page that
// says so. It sends nothing: records wait in the outbox of the page.
const STATIC = "static-__RELEASE__";
const OFFLINE = "/offline/";
const HASHED = /\.[0-9a-f]{12}\./;
const PATIENCE_MS = 6000;

self.addEventListener("install", (event) => {
  // Without cookies, so that the page names nobody.
  event.waitUntil(caches.open(STATIC)
    .then(async (cache) => cache.put(OFFLINE, await fetch(OFFLINE, { credentials: "omit" })))
    .then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(caches.keys()
    .then((names) => Promise.all(names.filter((name) => name.startsWith("static-") && name !== STATIC).map((name) => caches.delete(name))))
    .then(() => self.clients.claim()));
});

async function kept(key) {
  for (const name of await caches.keys()) {
    if (!name.startsWith("pages-")) continue;
    const found = await (await caches.open(name)).match(key, { ignoreVary: true });
    if (found) return found;
  }
  return null;
}

// A connection that is there but says nothing counts as none, if something was kept.
async function networkFirst(request, key) {
  const network = fetch(request);
  network.catch(() => null);
  try {
    const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, null));
    return (await Promise.race([network, late])) ?? (await kept(key)) ?? (await network);
  } catch (error) {
    const found = await kept(key);
    if (found) return found;
    if (request.mode === "navigate") return (await caches.match(OFFLINE)) ?? Response.error();
    throw error;
  }
}

async function asset(request) {
  const cache = await caches.open(STATIC);
  const found = await cache.match(request, { ignoreVary: true });
  if (found && HASHED.test(request.url)) return found;
  try {
    const answer = await fetch(request);
    if (answer.ok) await cache.put(request, answer.clone());
    return answer;
  } catch (error) {
    if (found) return found;
    throw error;
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname.startsWith("/static/")) event.respondWith(asset(request));
  else if (request.mode === "navigate") event.respondWith(networkFirst(request, url.pathname + url.search));
  else if (request.headers.has("HX-Request") && url.pathname.endsWith("/callback/")) event.respondWith(networkFirst(request, `${url.pathname}?sheet=1`));
});
