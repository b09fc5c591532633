"""The sheets of the monthly counts."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registers.forms.fields import words


@dataclass(frozen=True)
class CountRow:
    """A place that is counted: ``cells`` say which it is, ``note`` why less is expected there."""

    key: str
    label: str
    expected: int
    cells: list[tuple[Any, str]]  # each under its heading
    note: str = ""


class CountForm(forms.Form):
    """How many there are at each place; what is left as it stands is there as expected."""

    reason = words(_("差异说明"), length=300, rows=2, required=False,
                   help_text=_("实有和应有不同时必写"))  # fmt: skip

    def __init__(self, *args, rows: list[CountRow], **kwargs):
        super().__init__(*args, **kwargs)
        self.count_rows = rows
        for row in rows:
            self.fields[f"n_{row.key}"] = forms.IntegerField(
                label=row.label, min_value=0, max_value=9999, initial=row.expected,
                error_messages={"required": _("数一数写几个, 没有写 0")},
                widget=forms.NumberInput(
                    attrs={
                        "class": "form-control count-input", "inputmode": "numeric",
                        "aria-label": _("%(label)s 实有几个") % {"label": row.label},
                    }
                ),
            )  # fmt: skip

    def rows(self):
        return [(row, self[f"n_{row.key}"]) for row in self.count_rows]

    def words(self):
        """The fields that are no numbers of a place."""
        return [self[name] for name in self.base_fields]

    def terms(self) -> dict[str, Any]:
        """The action's arguments."""
        found = {row.key: self.cleaned_data[f"n_{row.key}"] for row in self.count_rows}
        return {"found": found} | {name: self.cleaned_data[name] for name in self.base_fields}


class ArchiveCheckForm(CountForm):
    tidied = words(_("整理情况"), missing=_("写明整理了什么, 没有要整理的写“已整齐”"), length=200)
    backup = words(_("备份情况"), missing=_("写明备份到哪里, 如“已拷到客服部移动硬盘”"), length=200)
