"""The form of a draw."""

from django import forms
from django.utils.translation import gettext_lazy as _


class DrawForm(forms.Form):
    count = forms.IntegerField(label=_("抽几人"), min_value=1, max_value=50, initial=2)
