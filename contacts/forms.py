"""Clean input for ending a contact."""

from django import forms
from django.utils.translation import gettext_lazy as _

from contacts.models import Outcome
from contacts.reaching import LONGEST_MESSAGE


def message_field():
    """The words that were sent when nobody answered; the page puts them there to be copied."""
    return forms.CharField(
        label=_("发给业户的话"), max_length=LONGEST_MESSAGE, required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip


class FinishForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("结果"),
        choices=[
            (each.value, each.label)
            for each in (Outcome.ANSWERED, Outcome.HELPED, Outcome.CALL_BACK, Outcome.DISMISSED)
        ],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("答复"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
