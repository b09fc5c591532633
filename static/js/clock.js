// Deadline chips: words every 30 s; crossing into 将超 or 已超 is announced once.
import { announce, say, sayDuration } from "./words.js";

const RISK_SHARE = 0.25; // as in yamei/templatetags/clock.py
const RISK_LEAST_MS = 60000;
const RELATIVE_WITHIN_MS = 24 * 3600 * 1000;
const ICONS = { late: "alert-octagon-filled", risk: "alert-triangle", ok: "circle" };
const STATES = Object.keys(ICONS);

function stateOf(due, start, now) {
  const left = due - now;
  if (left < 0) return "late";
  return left <= Math.max((due - start) * RISK_SHARE, RISK_LEAST_MS) ? "risk" : "ok";
}

export function refresh(chip, now = Date.now()) {
  const due = Date.parse(chip.dataset.due);
  const start = Date.parse(chip.dataset.start);
  const state = stateOf(due, start, now);
  const words = chip.querySelector("[data-clock-words]");
  if (Math.abs(due - now) <= RELATIVE_WITHIN_MS || state === "late") {
    const text = say(state === "late" ? "late" : "left", sayDuration((due - now) / 1000));
    if (words.textContent !== text) words.textContent = text;
  }
  if (chip.classList.contains(`clock-${state}`)) return;
  const row = chip.closest(STATES.map((name) => `.is-${name}`).join(","));
  for (const name of STATES) {
    chip.classList.toggle(`clock-${name}`, name === state);
    row?.classList.toggle(`is-${name}`, name === state);
  }
  const use = chip.querySelector("use");
  if (use) use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${ICONS[state]}`));
  if (state === "ok") return;
  const what = (row?.querySelector(".row-what") ?? row)?.textContent.replace(/\s+/g, " ").trim().slice(0, 60) ?? "";
  announce(say(state === "late" ? "crossedLate" : "crossedRisk", what));
}

// Minutes and seconds, for the one clock that runs while somebody talks: 04:31.
export function countDown(chip, now = Date.now()) {
  const due = Date.parse(chip.dataset.due);
  const state = stateOf(due, Date.parse(chip.dataset.start), now);
  const seconds = Math.floor(Math.abs(due - now) / 1000);
  const text = `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`;
  chip.querySelector("[data-clock-words]").textContent = say(state === "late" ? "late" : "left", text);
  for (const name of STATES) chip.classList.toggle(`clock-${name}`, name === state);
  const use = chip.querySelector("use");
  if (use) use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${ICONS[state]}`));
}

export function refreshAll() {
  for (const chip of document.querySelectorAll("[data-clock]")) refresh(chip);
}

setInterval(refreshAll, 30000);
document.addEventListener("visibilitychange", () => { if (!document.hidden) refreshAll(); });
