// One slip: who else has it open, remarks alone in the timeline, and where a form was left.
const here = document.querySelector("[data-viewers]");
const EVERY_MS = 20000;

async function look() {
  if (document.hidden) return;
  try {
    const answer = await fetch(here.dataset.viewers, { headers: { "HX-Request": "true" }, cache: "no-store" });
    if (answer.status === 204) here.replaceChildren();
    else if (answer.ok) {
      const html = await answer.text();
      if (here.dataset.shown !== html) here.innerHTML = html;
      here.dataset.shown = html;
    }
  } catch {
    // Offline: the banner of the page says so; the next round tries again.
  }
}

if (here) {
  look();
  setInterval(look, EVERY_MS);
  document.addEventListener("visibilitychange", look);
}

const filter = document.querySelector("[data-timeline-filter]");
const timeline = document.querySelector("[data-timeline]");
if (filter && timeline) {
  filter.hidden = false;
  filter.addEventListener("click", (event) => {
    const button = event.target.closest("[data-show]");
    if (!button) return;
    timeline.dataset.show = button.dataset.show;
    for (const each of filter.querySelectorAll("[data-show]")) each.setAttribute("aria-pressed", String(each === button));
  });
}

// An opened step takes the focus to its first field.
for (const step of document.querySelectorAll("details.step")) {
  step.addEventListener("toggle", () => {
    if (step.open) step.querySelector("input:not([type=hidden]), textarea, select")?.focus();
  });
}
