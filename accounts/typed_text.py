"""What somebody typed into a form that cannot be saved, so that a refusal page can give it back."""

from urllib.parse import urlsplit

SECRET = ("password", "csrf", "token")
LONGEST = 5000


def typed_fields(request) -> list[tuple[str, str]]:
    """(name, text) of the form's texts; nothing for secrets, and nothing for a foreign page's form.

    Refusal pages show them to be copied. They are never sent again by themselves.
    """
    origin = request.headers.get("Origin", "")
    if origin and urlsplit(origin).netloc != request.get_host():
        return []
    return [
        (name, text[:LONGEST])
        for name, texts in request.POST.lists()
        if not any(word in name.lower() for word in SECRET)
        for text in texts
        if text.strip() and len(text.strip()) > 1
    ]
