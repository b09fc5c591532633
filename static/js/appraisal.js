// The form of a deduction: what does not apply to the chosen rule and grade is out of the way.
const form = document.querySelector("[data-deduct]");

function show() {
  const rule = form.querySelector("[name=rule]");
  const grade = form.querySelector("[name=grade]:checked");
  form.querySelector("[data-own-rule]").hidden = Boolean(rule?.value);
  form.querySelector("[data-consequence]").hidden = grade?.value !== "consequence";
}

if (form) {
  form.addEventListener("change", show);
  show();
  const box = form.closest("details");
  box.addEventListener("toggle", () => {
    if (box.open) form.querySelector("[name=rule]")?.focus();
  });
}
