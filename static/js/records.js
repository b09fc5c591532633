// <fieldset data-records>: the records of a person as evidence. Typing filters the list, ↓ and ↑ walk
// through it, space or Enter ticks; what is ticked stays ticked whatever is searched.
import { kept } from "./drafts.js";

const boxOf = (target) => target.closest?.("[data-records]");
const rowsOf = (box) => [...box.querySelectorAll("[data-record]")];
const shownOf = (box) => rowsOf(box).filter((row) => !row.hidden).map((row) => row.querySelector("input"));

function filter(box) {
  const words = box.querySelector("[data-records-search]").value.toLowerCase().split(/\s+/).filter(Boolean);
  const rows = rowsOf(box);
  for (const row of rows) {
    const text = row.textContent.toLowerCase();
    row.hidden = !words.every((word) => text.includes(word));
  }
  for (const title of box.querySelectorAll(".record-group")) {
    title.hidden = ![...title.nextElementSibling.children].some((row) => !row.hidden);
  }
  const none = box.querySelector("[data-records-none]");
  if (none) none.hidden = !rows.length || rows.some((row) => !row.hidden);
}

function count(box) {
  const chosen = box.querySelectorAll("[name=records]:checked").length;
  const words = box.querySelector("[data-records-count]");
  words.textContent = chosen ? words.dataset.text.replace("#", chosen) : "";
}

function tick(input) {
  input.checked = !input.checked;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("input", (event) => {
  if (event.isComposing) return;
  if (event.target.matches?.("[data-records-search]")) filter(boxOf(event.target));
});
document.addEventListener("compositionend", (event) => {
  if (event.target.matches?.("[data-records-search]")) filter(boxOf(event.target));
});
document.addEventListener("change", (event) => {
  if (event.target.name === "records" && boxOf(event.target)) count(boxOf(event.target));
});
document.addEventListener("keydown", (event) => {
  const box = boxOf(event.target);
  if (!box || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const shown = shownOf(box);
  const at = shown.indexOf(event.target);
  const isSearch = event.target.matches("[data-records-search]");
  if (!isSearch && at < 0) return;
  if (event.key === "ArrowDown") shown[Math.min(at + 1, shown.length - 1)]?.focus();
  else if (event.key === "ArrowUp") (shown[at - 1] ?? box.querySelector("[data-records-search]")).focus();
  else if (event.key === "Enter" && (at >= 0 || shown[0])) tick(at >= 0 ? event.target : shown[0]);
  else if (event.key !== "Enter") return;
  event.preventDefault();
});

// The list comes later than the rest of a draft: what was ticked is remembered until it is there.
function begin(box) {
  const name = box.closest("form").dataset.draft;
  box.restored = (name && kept(name)?.values.records) || [];
  count(box);
}

document.addEventListener("htmx:afterSettle", (event) => {
  const box = boxOf(event.target);
  if (!box) return;
  for (const input of box.querySelectorAll("[name=records]")) {
    if (box.restored?.includes(input.value)) input.checked = true;
  }
  filter(box);
  count(box);
});
document.querySelectorAll("[data-records]").forEach(begin);
