// <button data-copy="id">: copies what stands in that field, changed or not, and says so on itself.
// <a data-sms="id">: the messaging app of the phone opens with those words.
async function copied(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    field.select(); // without HTTPS there is only the old way
    return document.execCommand("copy");
  }
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-sms]");
  if (link) link.href = `${link.href.split("?")[0]}?&body=${encodeURIComponent(document.getElementById(link.dataset.sms).value)}`;
  const button = event.target.closest("button[data-copy]");
  if (!button || !(await copied(document.getElementById(button.dataset.copy)))) return;
  const words = button.querySelector("span");
  words.textContent = button.dataset.copied;
});
