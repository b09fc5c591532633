// Unticking an item asks for its reason; the reason of a ticked one is not sent.
document.addEventListener("change", (event) => {
  if (event.target.name !== "carry") return;
  const why = document.getElementById(`reason-${event.target.value}`);
  if (!why) return;
  why.disabled = event.target.checked;
  if (!event.target.checked) why.focus();
});
