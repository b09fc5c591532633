// <a data-sheet href="…">: the page's fragment in the bottom sheet; without scripts the link is the page.
import { send } from "./session.js";
import { say } from "./words.js";
import { toast } from "./toast.js";

const sheet = document.getElementById("sheet");

export async function openSheet(url, opener) {
  const answer = await send(url, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer) return toast(say("network"), { level: "error" });
  if (!answer.ok) {
    location.href = url;
    return;
  }
  sheet.innerHTML = await answer.text();
  window.htmx?.process(sheet);
  const heading = sheet.querySelector("h2, h1");
  if (heading) sheet.setAttribute("aria-label", heading.textContent.trim());
  if (!sheet.open) sheet.showModal();
  if (opener?.isConnected) sheet.opener = opener; // not a link of what was just replaced: from panel to panel
  const field = sheet.querySelector("[autofocus]") ?? sheet.querySelector(".is-invalid") ?? sheet.querySelector("input:not([type=hidden]), select, textarea, button");
  field?.focus();
}

if (sheet) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-sheet]");
    if (link && !event.ctrlKey && !event.metaKey && event.button === 0) {
      event.preventDefault();
      openSheet(link.getAttribute("href") ?? link.dataset.sheet, link);
    }
    if (event.target === sheet || event.target.closest("[data-sheet-close]")) sheet.close();
  });
  sheet.addEventListener("close", () => {
    sheet.innerHTML = "";
    sheet.opener?.focus();
  });
  // The server says that the sheet's work is done: HX-Trigger: sheet-done.
  document.body.addEventListener("sheet-done", () => sheet.close());
}
