"""The kinds of follow-up: each domain app declares its own, and everybody finds them here."""

import sys
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from types import ModuleType

from django.conf import settings
from django.core import checks
from django.utils.functional import Promise


@dataclass(frozen=True)
class Kind:
    """What may be owed.

    ``key`` is ``"<app>.<what>"``. ``label`` is a short noun for chips (转单), ``title`` a Chinese
    msgid marked with ``gettext_noop`` whose ``%(place)s`` and ``%(what)s`` are filled from the
    follow-up's parameters, ``action`` the words on the row's button. ``night`` kinds ignore the
    quiet hours; a promise, or a clock that may not be stopped, is not ``pausable``; ``area``
    kinds belong to the butler of the area rather than to a post. ``filed_as`` is under which word
    (维修, 投诉, 走访) the record stands in its household's archive index once this was met.
    """

    key: str
    label: str | Promise
    title: str
    action: str | Promise
    night: bool = False
    pausable: bool = True
    area: bool = False
    filed_as: str | Promise = ""


def is_missing(name: str, error: ModuleNotFoundError) -> bool:
    """True when the module itself is not there, not something that it imports."""
    return error.name is not None and (name == error.name or name.startswith(f"{error.name}."))


def modules() -> list[ModuleType]:
    """The modules of ``settings.FOLLOWUP_MODULES`` that exist, in their order."""
    found = []
    for name in settings.FOLLOWUP_MODULES:
        try:
            found.append(sys.modules.get(name) or import_module(name))
        except ModuleNotFoundError as error:
            if not is_missing(name, error):
                raise
    return found


def all_kinds() -> tuple[Kind, ...]:
    """Every declared kind, in the order of the modules."""
    return tuple(each for module in modules() for each in getattr(module, "KINDS", ()))


def kind(key: str) -> Kind:
    """The kind of that key; KeyError for one that no app declares."""
    try:
        return _by_key(tuple(settings.FOLLOWUP_MODULES))[key]
    except KeyError:
        raise KeyError(f"no app declares the follow-up kind {key!r}") from None


@cache  # a list asks for the kind of each row
def _by_key(names: tuple[str, ...]) -> dict[str, Kind]:
    return {each.key: each for each in all_kinds()}


@checks.register("followups")
def check_modules(app_configs, **kwargs) -> list[checks.CheckMessage]:
    """Say at start what would otherwise fail in the first scan."""
    found: list[checks.CheckMessage] = []
    seen: set[str] = set()
    for name in settings.FOLLOWUP_MODULES:
        try:
            module = import_module(name)
        except ModuleNotFoundError as error:
            if not is_missing(name, error):
                raise
            found.append(
                checks.Error(
                    f"FOLLOWUP_MODULES names {name}, which is missing", id="followups.E001"
                )
            )
            continue
        if not callable(getattr(module, "open_due", None)) and not hasattr(module, "KINDS"):
            found.append(
                checks.Error(f"{name} must declare KINDS or open_due(now)", id="followups.E002")
            )
        for each in getattr(module, "KINDS", ()):
            if each.key in seen:
                found.append(
                    checks.Error(f"two follow-up kinds are called {each.key}", id="followups.E003")
                )
            seen.add(each.key)
    return found
