"""Fields that several forms ask for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


def words(label, *, missing: Any = "", length: int = 100, rows: int = 0, **kwargs):
    return forms.CharField(
        label=label,
        max_length=length,
        widget=forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput(),
        error_messages={"required": missing or _("这一项要写")},
        **kwargs,
    )
