// A sheet is not signed over a half-written reason to send it back.
import { toast } from "./toast.js";

document.addEventListener("submit", (event) => {
  const words = event.target.dataset.approve;
  const reason = words && event.target.parentElement.querySelector("[name=reason]");
  if (!reason || !reason.value.trim()) return;
  event.preventDefault();
  reason.closest("details").open = true;
  reason.focus();
  toast(words, { level: "warning" });
}, true);
