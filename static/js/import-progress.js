// <div data-import-work="/address/"> with [data-running] inside: asks for slice after slice until done.
import { send } from "./session.js";

const box = document.querySelector("[data-import-work]");
const PAUSE_MS = 300;
const RETRY_MS = 5000;

async function work() {
  if (!box.querySelector("[data-running]")) return;
  let pause = PAUSE_MS;
  try {
    const answer = await send(box.dataset.importWork, { method: "POST", headers: { "X-Progress": "1" } });
    if (answer.ok) box.innerHTML = await answer.text();
    else pause = RETRY_MS;
  } catch {
    pause = RETRY_MS; // the scan goes on meanwhile
  }
  setTimeout(work, pause);
}

if (box) work();
