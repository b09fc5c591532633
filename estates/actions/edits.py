"""Saving an edit without losing a colleague's: only what was changed, only on the version seen."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Clash:
    """One field that both changed: what this person typed, and what is stored now."""

    label: str
    mine: Any
    theirs: Any


class StaleEditError(ValidationError):
    """The record changed since the form was opened; carries both values."""

    def __init__(self, current: Model, clashes: list[Clash]):
        self.current, self.clashes = current, clashes
        super().__init__(
            _("您打开之后有同事改过这一条。两边的内容列在下面; 核对后再按一次“保存”"), code="stale"
        )


def save_edit(record: Model, changes: dict[str, Any], *, version: int) -> dict[str, list]:
    """Store what differs if ``version`` is still the current one; return field → [before, after].

    Raises StaleEditError with both values otherwise. An edit that changes nothing writes nothing.
    """
    model = type(record)
    current = model._base_manager.get(pk=record.pk)
    if current.version == version:
        differing = {
            name: value for name, value in changes.items() if getattr(current, name) != value
        }
        if not differing:
            return {}
        if model._base_manager.filter(pk=record.pk, version=version).update(
            **differing, version=version + 1
        ):
            record.refresh_from_db()
            return {
                name: [plain(getattr(current, name)), plain(value)]
                for name, value in differing.items()
            }
        current.refresh_from_db()
    raise StaleEditError(
        current,
        [
            Clash(
                model._meta.get_field(name).verbose_name,
                _shown(model, name, value),
                _shown(model, name, getattr(current, name)),
            )
            for name, value in changes.items()
            if getattr(current, name) != value
        ],
    )


def plain(value: Any) -> Any:
    """A value as history keeps it."""
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def _shown(model, name, value):
    labels = dict(model._meta.get_field(name).flatchoices)
    return labels.get(value, value if value not in (None, "") else "—")
