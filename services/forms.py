"""Forms of the catalogue."""

from django import forms
from django.utils.translation import gettext_lazy as _

from services.answers import CATEGORIES
from services.models import AnswerCard, Price, ServiceItem


class ItemForm(forms.ModelForm):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    class Meta:
        model = ServiceItem
        fields = (
            "name",
            "category",
            "unit",
            "is_paid",
            "includes_material",
            "promised_minutes",
            "is_active",
            "note",
        )


class NewItemForm(forms.ModelForm):
    class Meta:
        model = ServiceItem
        fields = (
            "code",
            "name",
            "category",
            "unit",
            "is_paid",
            "includes_material",
            "promised_minutes",
            "note",
        )


class PriceForm(forms.ModelForm):
    class Meta:
        model = Price
        fields = ("amount", "effective_on")
        widgets = {
            "amount": forms.NumberInput(attrs={"min": "0", "step": "0.01", "inputmode": "decimal"}),
            "effective_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }


class AnswerForm(forms.ModelForm):
    category = forms.ChoiceField(label=_("类别"), choices=CATEGORIES, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = AnswerCard
        fields = ("category", "question", "answer", "never", "ask", "words", "is_active")
        widgets = {"answer": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "words": _("检索时也能找到的词, 用空格隔开"),
            "never": _("容易说过头的话, 提醒同事不要许诺"),
        }

    def _post_clean(self):
        """The action checks what belongs together; nothing is written to the instance here."""
