// The bell on every page: how many reminders are unread, in the badge and the window's title.
// What is new since this account last looked gets a toast, and a ring if it may not wait.
import { toast } from "./toast.js";

const EVERY_MS = 20000;
const bell = document.querySelector("[data-bell-url]");
const seenKey = `bell-seen-${document.body.dataset.account}`;
let etag = "";
let audio = null;

function ring() {
  if (audio?.state !== "running") return;
  for (const [start, pitch] of [[0, 880], [0.25, 660]]) {
    const tone = audio.createOscillator();
    const gain = audio.createGain();
    tone.frequency.value = pitch;
    gain.gain.setValueAtTime(0.2, audio.currentTime + start);
    gain.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + start + 0.22);
    tone.connect(gain).connect(audio.destination);
    tone.start(audio.currentTime + start);
    tone.stop(audio.currentTime + start + 0.23);
  }
}

function show(unread) {
  let badge = bell.querySelector(".bell-count");
  if (unread && !badge) {
    badge = document.createElement("span");
    badge.className = "bell-count";
    badge.setAttribute("aria-hidden", "true");
    bell.append(badge);
  }
  if (badge) {
    badge.textContent = unread > 99 ? "99+" : unread;
    badge.hidden = !unread;
  }
  bell.setAttribute("aria-label", bell.dataset.bellLabel.replace("#", unread));
  const title = document.title.replace(/^\(\d+\+?\) /, "");
  document.title = unread ? `(${unread > 99 ? "99+" : unread}) ${title}` : title;
}

function tell(lines) {
  const stored = localStorage.getItem(seenKey);
  const seen = Number(stored ?? 0);
  const newest = Math.max(seen, ...lines.map((line) => line.id));
  localStorage.setItem(seenKey, newest);
  if (stored === null) return; // the first look on this computer: the badge says enough
  const news = lines.filter((line) => line.id > seen && (line.rings || line.standing));
  for (const line of news.reverse()) {
    toast(line.standing, { level: line.rings ? "error" : "warning", link: { url: line.url, text: line.text } });
  }
  if (news.some((line) => line.rings)) ring();
}

async function look() {
  try {
    const answer = await fetch(bell.dataset.bellUrl, {
      headers: etag ? { "If-None-Match": etag } : {},
      cache: "no-store",
      redirect: "error",
    });
    if (answer.status !== 200) return;
    etag = answer.headers.get("ETag") ?? "";
    const found = await answer.json();
    show(found.unread);
    tell(found.newest);
  } catch {
    // No network, or signed out: the page's own banner says so; the next look tries again.
  }
}

if (bell) {
  const wake = () => { audio ??= new AudioContext(); };
  document.addEventListener("pointerdown", wake, { once: true });
  document.addEventListener("keydown", wake, { once: true });
  look();
  setInterval(look, EVERY_MS);
}
