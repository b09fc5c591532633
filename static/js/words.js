// Words come from the page (components/_words.html), in the reader's language; # is the number or name.
const words = document.getElementById("words")?.dataset ?? {};

export function say(key, value = "") {
  return (words[key] ?? "").replace("#", value);
}

// Same rounding and units as duration_text in yamei/templatetags/moments.py.
export function sayDuration(seconds) {
  let minutes = Math.floor(Math.abs(seconds) / 60);
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor((minutes % 1440) / 60);
  minutes %= 60;
  if (days) return hours && days < 7 ? `${say("days", days)} ${say("hours", hours)}` : say("days", days);
  if (hours) return minutes ? `${say("hours", hours)} ${say("minutesAfterHours", minutes)}` : say("hours", hours);
  return minutes ? say("minutes", minutes) : say("underMinute");
}

export function announce(text) {
  const status = document.getElementById("status");
  if (!status || !text) return;
  status.textContent = "";
  requestAnimationFrame(() => { status.textContent = text; });
}
