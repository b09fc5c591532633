"""What a list's address asks for: its form, what was understood of it, and the same in words."""

from collections.abc import Collection
from functools import cached_property
from typing import Any

from django.http import QueryDict

OPEN, ALL = "open", "all"


class Asked:
    """One reading of an address of a list; what repairs and complaints say alike.

    A list adds which rows there are, and their order. ``statuses`` are the choices of the status,
    ``always_shown`` the fields that stand beside it, ``fixed`` what is never told in ``labels``.
    """

    statuses: Collection[tuple]
    always_shown: Collection[str]
    fixed: Collection[str] = ("status",)

    def __init__(self, asked: QueryDict):
        self.asked = asked
        self.data = asked.copy()
        if "status" not in asked:
            # Whoever looks for one record wants it in any state; else the open ones.
            self.data["status"] = ALL if asked.get("q", "").strip() else OPEN

    @property
    def form(self):
        return self._filters.form

    @cached_property
    def chosen(self) -> dict:
        """What was asked for and understood, by field; the rest is left out."""
        self.form.is_valid()
        return {name: value for name, value in self.form.cleaned_data.items() if value}

    @property
    def is_narrowed(self) -> bool:
        """True if anything but open or all was chosen, so that there is something to clear."""
        return bool(self.labels()) or self.chosen.get("status") not in (OPEN, ALL)

    def labels(self) -> list[str]:
        """The chosen filters as the person reads them, without what is ``fixed``."""
        chosen = self.chosen.items()
        return [self.label(name, value) for name, value in chosen if name not in self.fixed]

    def label(self, name: str, value: Any) -> str:
        """One chosen filter in words: 等级 重大."""
        if name == "q":
            return value
        field = self.form.fields[name]
        names = {str(key): label for key, label in field.choices}
        return f"{field.label} {names.get(str(value), value)}"

    @property
    def more_fields(self):
        """The fields that hide behind 更多筛选."""
        return [f for f in self.form if f.name not in self.always_shown and not f.is_hidden]

    @property
    def narrows_more(self) -> bool:
        return any(field.name in self.chosen for field in self.more_fields)

    def words(self) -> str:
        """One line for paper, Excel and the empty page: 未结 · 电梯 · 3栋."""
        status = str(dict(self.statuses)[self.chosen.get("status", ALL)])
        return " · ".join([status, *self.labels()])
