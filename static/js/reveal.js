// <button data-reveal="/address/" >: a masked phone is fetched (and the look written down) on a click.
import { send } from "./session.js";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-reveal]");
  if (!button) return;
  const answer = await send(button.dataset.reveal, { method: "POST", headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const { phone } = await answer.json();
  const shown = button.closest("[data-phone]")?.querySelector("[data-phone-text]");
  if (!shown || !phone) return;
  const link = document.createElement("a");
  link.href = `tel:${phone.replace(/[^0-9+]/g, "")}`;
  link.textContent = phone;
  shown.replaceChildren(link);
  button.remove();
  link.focus();
});
