"""Forms of the catalogue."""

from django import forms

from services.models import Price, ServiceItem


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
