// A link to a workbook (…/export/): the link says that the file is being written, a second press
// is ignored meanwhile, and a session that ended asks for the login instead of saving its page.
import { send } from "./session.js";
import { toast } from "./toast.js";
import { announce, say } from "./words.js";

const isWorkbook = (link) => link.pathname.endsWith("/export/");

function labelOf(link) {
  const texts = [...link.childNodes].filter((node) => node.nodeType === 3 && node.textContent.trim());
  return link.querySelector("span") ?? texts.at(-1);
}

// filename*=utf-8''%E6%8A%A5… or filename="a.xlsx"
function nameOf(answer) {
  const said = answer.headers.get("Content-Disposition") ?? "";
  const coded = said.match(/filename\*=utf-8''([^;]+)/i);
  return coded ? decodeURIComponent(coded[1]) : said.match(/filename="([^"]+)"/)?.[1] ?? "";
}

async function save(answer) {
  const address = URL.createObjectURL(await answer.blob());
  const file = document.createElement("a");
  file.href = address;
  file.download = nameOf(answer);
  file.click();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}

async function fetchFile(link) {
  const label = labelOf(link);
  const was = label?.textContent;
  link.setAttribute("aria-busy", "true");
  if (label) label.textContent = say("writingFile");
  announce(say("writingFile"));
  try {
    const answer = await send(link.href);
    if (answer.ok) {
      await save(answer);
      announce(say("fileReady"));
    } else if (answer.status === 403) toast(say("forbidden"), { level: "error" });
    else toast(say("noFile"), { level: "error" });
  } catch {
    toast(say("noFile"), { level: "error" });
  }
  if (label) label.textContent = was;
  link.removeAttribute("aria-busy");
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (!link || !isWorkbook(link) || event.defaultPrevented || event.button) return;
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  if (!link.hasAttribute("aria-busy")) fetchFile(link);
});
