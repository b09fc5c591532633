// The record at the door: topics by one tap.
document.addEventListener("click", (event) => {
  const chip = event.target.closest("button[data-say]");
  if (!chip) return;
  const field = document.getElementById(chip.dataset.into);
  field.value = field.value ? `${field.value} ${chip.dataset.say}: ` : `${chip.dataset.say}: `;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});
