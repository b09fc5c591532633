// Typing in paper forms: a digit goes on to the next question by itself, Enter goes on or saves.
const form = document.querySelector("[data-entry]");
if (form) {
  const steps = [...form.querySelectorAll("[data-step]")];
  const goOn = (from) => {
    const next = steps[steps.indexOf(from) + 1];
    if (!next) return false;
    next.focus();
    next.select();
    return true;
  };
  form.addEventListener("input", (event) => {
    const field = event.target;
    if (!field.matches("[data-digit]")) return;
    if (/[^1-5]/.test(field.value)) field.value = field.value.replace(/[^1-5]/g, "");
    if (field.value) goOn(field);
  });
  form.addEventListener("keydown", (event) => {
    const field = event.target;
    if (!field.matches("[data-step]") || event.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter" && !event.ctrlKey && goOn(field)) event.preventDefault();
    if (event.key === "Backspace" && field.matches("[data-digit]") && !field.value) {
      const before = steps[steps.indexOf(field) - 1];
      if (before) { event.preventDefault(); before.focus(); before.select?.(); }
    }
  });
  const first = form.querySelector("[autofocus]") ?? (form.elements.room.value ? steps[1] : steps[0]);
  first?.focus();
}
