"""A line that is stored once and read in every language: a Chinese msgid, and what fills it."""

from collections.abc import Mapping
from typing import Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext


def worded(title: str, params: Mapping[str, Any]) -> str:
    """The line in the reader's language; what fills it is translated where it is a msgid too."""
    return gettext(title) % {name: _read(value) for name, value in params.items()}


def msgid_of(label: str | Promise) -> str:
    """Our own word as a line stores it, whatever language the writer works in.

    ``label`` must be lazy, as the labels of choices are: ``Grade(x).label``, not
    ``get_grade_display()``, which is translated already.
    """
    with translation.override("zh-hans"):
        return str(label)


def _read(value: Any) -> Any:
    return gettext(value) if isinstance(value, str) and value else value
