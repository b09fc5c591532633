// Toasts: 20 seconds, longer while looked at, never take the focus. Z or the button undoes.
const STAY_MS = 20000;
const box = document.getElementById("toasts");

function start(card) {
  let left = STAY_MS;
  let since = Date.now();
  let timer = setTimeout(close, left);
  function close() {
    clearTimeout(timer);
    card.remove();
  }
  function pause() {
    clearTimeout(timer);
    left -= Date.now() - since;
  }
  function resume() {
    since = Date.now();
    clearTimeout(timer);
    timer = setTimeout(close, Math.max(left, 3000));
  }
  card.addEventListener("mouseenter", pause);
  card.addEventListener("mouseleave", resume);
  card.addEventListener("focusin", pause);
  card.addEventListener("focusout", resume);
  card.querySelector("[data-toast-close]")?.addEventListener("click", close);
}

// undo: an address that takes a POST; link: {url, text}.
export function toast(text, { level = "success", undo = "", link = null } = {}) {
  const card = document.getElementById("toast-template").content.firstElementChild.cloneNode(true);
  card.classList.add(`toast-${level}`);
  if (level === "error") card.setAttribute("role", "alert");
  const line = card.querySelector("[data-toast-text]");
  line.textContent = text;
  if (link) {
    const anchor = document.createElement("a");
    anchor.href = link.url;
    anchor.textContent = link.text;
    line.append(" ", anchor);
  }
  if (undo) {
    const form = card.querySelector("[data-undo]");
    form.action = undo;
    form.hidden = false;
  }
  box.append(card);
  return card;
}

export function undoLast() {
  const forms = box?.querySelectorAll("[data-undo]:not([hidden])") ?? [];
  const form = forms[forms.length - 1];
  if (form) form.requestSubmit();
  return Boolean(form);
}

if (box) {
  for (const card of box.querySelectorAll("[data-toast]")) start(card);
  // A fragment may carry a toast: hx-swap-oob="beforeend:#toasts".
  new MutationObserver((changes) => {
    for (const change of changes) for (const node of change.addedNodes) {
      if (node.nodeType === 1 && node.matches("[data-toast]")) start(node);
    }
  }).observe(box, { childList: true });
  // htmx answers carry {"toast": {...}} in HX-Trigger.
  document.body.addEventListener("toast", (event) => toast(event.detail.text, event.detail));
}
