// The CSRF token of this page; a new login brings a new one.
export function token() {
  try {
    return JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"] ?? "";
  } catch {
    return "";
  }
}

export function setToken(value) {
  if (!value) return;
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": value }));
  const places = [document, ...[...document.querySelectorAll("template")].map((one) => one.content)];
  for (const place of places) {
    for (const input of place.querySelectorAll("input[name=csrfmiddlewaretoken]")) {
      input.value = value;
      input.setAttribute("value", value);
    }
  }
}
