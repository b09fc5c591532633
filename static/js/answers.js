// The answer cards beside the intake: those of the chosen category, or of the words searched.
function start(box) {
  box.dataset.started = "1";
  const form = box.closest("form");
  const search = box.querySelector("[data-answers-q]");
  const list = box.querySelector("[data-answers-list]");
  let shown, timer;
  const show = async () => {
    const wanted = new URLSearchParams({ category: form.elements.category.value, q: search.value }).toString();
    if (wanted === shown) return;
    shown = wanted;
    const answer = await fetch(`${box.dataset.answers}?${wanted}`, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (answer?.ok && wanted === shown) list.innerHTML = await answer.text();
  };
  const soon = () => { clearTimeout(timer); timer = setTimeout(show, 400); };
  search.addEventListener("input", (event) => { event.stopPropagation(); soon(); });
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") { event.preventDefault(); show(); }
  });
  // No answer at hand is a promise to phone back, never "I don't know": the outcome is set, the
  // question goes into the content, and what is left is one press.
  list.addEventListener("click", (event) => {
    if (!event.target.closest("[data-owe-answer]")) return;
    const details = form.querySelector("[data-not-repair]");
    details.open = true;
    details.querySelector('[name="outcome"][value="call_back"]').checked = true;
    if (!form.elements.content.value) form.elements.content.value = search.value;
    form.elements.content.dispatchEvent(new Event("input", { bubbles: true }));
    const missing = [form.elements.who, form.elements.content].find((field) => !field.value);
    (missing ?? details.querySelector('[name="do"]')).focus();
  });
  form.elements.category.addEventListener("change", soon);
  // A picked phrase sets the category without a change of its own.
  form.elements.content.addEventListener("pick", soon);
  show();
}

const look = () => {
  for (const box of document.querySelectorAll("[data-answers]:not([data-started])")) {
    if (!box.closest("template")) start(box);
  }
};
look();
new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
