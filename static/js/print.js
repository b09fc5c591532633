// A print page: the button, Ctrl+P of the browser, and ?now=1 open the dialog.
for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());
const back = document.querySelector("[data-back]");
if (back && history.length > 1 && document.referrer.startsWith(location.origin)) {
  back.addEventListener("click", (event) => {
    event.preventDefault();
    history.back();
  });
}
if (new URLSearchParams(location.search).has("now")) window.addEventListener("load", () => window.print());
