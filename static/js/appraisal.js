// The form of a deduction: what does not apply to the chosen rule and grade is out of the way.
import { toast } from "./toast.js";

const form = document.querySelector("[data-deduct]");

// What each grade takes from the item that the rule belongs to, out of the table of all items.
function points(rule) {
  const group = form.querySelector("[name=group]").selectedOptions[0]?.textContent.split(" · ")[0].trim();
  const item = rule?.value ? rule.selectedOptions[0].parentElement.label : group;
  const table = document.querySelector("[data-grades]");
  const row = [...table.tBodies[0].rows].find((each) => each.cells[0].textContent.trim() === item);
  const heads = [...table.tHead.rows[0].cells].slice(1);
  const words = row && heads.map((head, at) => `${head.textContent} ${row.cells[at + 1].textContent}`).join(", ");
  form.querySelector("[data-points]").textContent = words ? `${item}: ${words}` : "";
}

function show() {
  const rule = form.querySelector("[name=rule]");
  const grade = form.querySelector("[name=grade]:checked");
  form.querySelector("[data-own-rule]").hidden = Boolean(rule?.value);
  form.querySelector("[data-consequence]").hidden = grade?.value !== "consequence";
  points(rule);
}

if (form) {
  form.addEventListener("change", show);
  show();
  const box = form.closest("details");
  box.addEventListener("toggle", () => {
    if (box.open) form.querySelector("[name=rule]")?.focus();
  });
}

// The sheet is not handed in over a deduction that was begun and not recorded.
document.addEventListener("submit", (event) => {
  const words = event.submitter?.dataset.handIn;
  const fact = words && form?.querySelector("[name=fact]");
  if (!fact || !fact.value.trim()) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  form.closest("details").open = true;
  fact.focus();
  toast(words, { level: "warning" });
}, true);
