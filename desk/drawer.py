"""The empty intake form that every page of the desk carries, so that the drawer opens at once."""

from functools import lru_cache

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from accounts.models import Staff
from desk.forms import IntakeForm
from estates.models import Estate


def drawer_html(staff: Staff, estates: list[Estate]) -> SafeString:
    """The form for this person: the same for everybody of one language, post and set of estates.

    It holds nothing of one person or moment: its key and its first moment are set when it opens,
    its CSRF token travels in the header of the page.
    """
    places = tuple((estate.pk, estate.name) for estate in estates)
    return _drawn(get_language() or "", staff.permissions, places)


@lru_cache(maxsize=64)
def _drawn(language: str, permissions: frozenset[str], places: tuple) -> SafeString:
    estates = [{"pk": pk, "name": name} for pk, name in places]
    form = IntakeForm(staff=None, now=timezone.now(), estates=estates)
    who = {"permissions": permissions}
    return render_to_string("desk/_intake.html", {"form": form, "estates": estates, "user": who})
