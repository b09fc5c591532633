// The board: arrows choose a card, 1 2 3 press its buttons, a new slip is heard, tabs on a phone.
const board = document.getElementById("board");
const SOUND = "board-sound-off";
const TAB = "board-tab";
const HERE = "board-here";
let known = new Set(freshIds());

function cards() {
  return [...board.querySelectorAll("[data-row]")].filter((card) => card.getClientRects().length);
}

function freshIds() {
  return [...board.querySelectorAll('[data-row][data-status="dispatched"]')].map((card) => card.dataset.row);
}

function selected() {
  return document.activeElement?.closest("#board [data-row]") ?? board.querySelector("[data-row].is-here");
}

function select(card) {
  if (!card) return;
  for (const other of board.querySelectorAll("[data-row].is-here")) other.classList.remove("is-here");
  card.classList.add("is-here");
  sessionStorage.setItem(HERE, card.dataset.row);
  card.querySelector("a[href]")?.focus({ preventScroll: true });
  card.scrollIntoView({ block: "nearest" });
}

function step(key) {
  const now = selected();
  if (!now) return select(cards()[0]);
  const columns = [...board.querySelectorAll(".board-column")];
  const column = now.closest(".board-column");
  const inColumn = cards().filter((card) => column.contains(card));
  const at = inColumn.indexOf(now);
  if (key === "ArrowDown") return select(inColumn[at + 1]);
  if (key === "ArrowUp") return select(inColumn[at - 1]);
  const by = key === "ArrowRight" ? 1 : -1;
  for (let i = columns.indexOf(column) + by; i >= 0 && i < columns.length; i += by) {
    const others = cards().filter((card) => columns[i].contains(card));
    if (others.length) return select(others[Math.min(at, others.length - 1)]);
  }
  return undefined;
}

// Before the page's own shortcuts: a digit belongs to the card that is chosen.
document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229 || event.repeat || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
  if (event.target.closest("input, textarea, select, dialog")) return;
  if (event.key.startsWith("Arrow") && !document.querySelector("dialog[open]")) {
    step(event.key);
    event.preventDefault();
    return;
  }
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1];
  if (!digit || !document.body.hasAttribute("data-single-keys")) return;
  const card = selected();
  if (!card) return;
  const inPick = card.querySelector("details[open] form");
  const button = inPick ? inPick.querySelectorAll("button, a.btn")[digit - 1] : card.querySelector(`[data-card-key="${digit}"]`);
  if (!button) return;
  event.preventDefault();
  button.click();
}, true);
board.addEventListener("focusin", (event) => {
  const card = event.target.closest("[data-row]");
  if (!card) return;
  for (const other of board.querySelectorAll("[data-row].is-here")) if (other !== card) other.classList.remove("is-here");
  card.classList.add("is-here");
  sessionStorage.setItem(HERE, card.dataset.row);
});

// A new slip: two short tones, unless switched off. Browsers allow sound after the first touch.
const switchBox = document.querySelector("[data-board-sound]");
const soundOn = switchBox?.querySelector("input");
if (switchBox) {
  switchBox.hidden = false;
  soundOn.checked = localStorage.getItem(SOUND) !== "1";
  soundOn.addEventListener("change", () => localStorage.setItem(SOUND, soundOn.checked ? "" : "1"));
}
let audio = null;
document.addEventListener("pointerdown", () => { audio ??= new AudioContext(); }, { once: true });
document.addEventListener("keydown", () => { audio ??= new AudioContext(); }, { once: true });

function ring() {
  if (!audio || !soundOn?.checked) return;
  for (const [start, pitch] of [[0, 880], [0.18, 1175]]) {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.25, audio.currentTime + start);
    volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + start + 0.16);
    tone.connect(volume).connect(audio.destination);
    tone.start(audio.currentTime + start);
    tone.stop(audio.currentTime + start + 0.17);
  }
}

board.addEventListener("polled", (event) => {
  const rows = event.detail.rows.map(String);
  if (rows.some((id) => !known.has(id))) ring();
  for (const id of rows) known.add(id);
  showTab();
});

// Tabs on a phone; without scripts the columns stand below each other and the tabs are links.
function showTab(wanted) {
  const root = board.querySelector(".board");
  const tab = wanted ?? sessionStorage.getItem(TAB) ?? "new";
  if (wanted) sessionStorage.setItem(TAB, wanted);
  root.dataset.tab = tab;
  for (const column of root.querySelectorAll(".board-column")) column.classList.toggle("is-shown", column.id === `board-${tab}`);
  for (const link of root.querySelectorAll(".board-tabs a")) {
    if (link.hash === `#board-${tab}`) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}
board.addEventListener("click", (event) => {
  const link = event.target.closest(".board-tabs a");
  if (!link) return;
  event.preventDefault();
  showTab(link.hash.replace("#board-", ""));
});
new MutationObserver(() => { if (!board.querySelector(".board")?.dataset.tab) showTab(); }).observe(board, { childList: true });
showTab();

const last = sessionStorage.getItem(HERE);
const again = last && board.querySelector(`[data-row="${CSS.escape(last)}"]`);
if (again) again.classList.add("is-here");
else cards()[0]?.classList.add("is-here");
for (const card of board.querySelectorAll("[data-row]")) known.add(card.dataset.row);
