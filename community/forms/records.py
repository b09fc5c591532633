"""Records written by a form of their own: a survey and its questions, a plan, an activity."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Staff
from community.forms.fields import (
    DayInput,
    EstateMixin,
    HouseholdMixin,
    MomentInput,
    TypedField,
    line,
    person,
    words,
)
from community.models import CommunityEvent, Survey, Topic
from community.models.suggestions import Origin
from estates.phones import clean_phone


class SurveyForm(EstateMixin, forms.ModelForm):
    estate = forms.ChoiceField(label=_("项目"))
    share = forms.IntegerField(
        label=_("抽取比例(%)"), min_value=1, max_value=100, initial=100,
        help_text=_("占已入住户; 100 即全部发放"),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Survey
        fields = ("estate", "title", "purpose", "audience", "starts_on", "ends_on", "share")
        widgets = {
            "purpose": forms.Textarea(attrs={"rows": 2}),
            "starts_on": DayInput(),
            "ends_on": DayInput(),
        }

    def __init__(self, *args, estates, **kwargs):
        super().__init__(*args, **kwargs)
        self._choose_estate(estates)
        if "estate" in self.fields and self.instance.pk:
            del self.fields["estate"]

    def _post_clean(self):
        """The action checks what belongs together; nothing is written to the instance here."""


class QuestionForm(forms.Form):
    topic = forms.ChoiceField(
        label=pgettext_lazy("topic", "项目"),
        choices=Topic.choices,
        required=False,
        initial=Topic.OTHER,
    )
    text = TypedField(label=pgettext_lazy("survey", "问题"), max_length=120, required=False)
    is_free = forms.BooleanField(label=_("文字回答"), required=False)


QuestionFormSet = forms.formset_factory(QuestionForm, extra=3, max_num=20, absolute_max=30)


class EventForm(EstateMixin, forms.ModelForm):
    estate = forms.ChoiceField(label=_("项目"))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    owner = person(_("负责人"))

    class Meta:
        model = CommunityEvent
        fields = (
            "estate", "theme", "starts_at", "place", "owner", "budget", "purpose", "audience",
            "programme", "equipment", "division", "safety",
        )  # fmt: skip
        widgets = {
            "starts_at": MomentInput(),
            "programme": forms.Textarea(attrs={"rows": 3}),
            "division": forms.Textarea(attrs={"rows": 2}),
            "safety": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args, estates, **kwargs):
        super().__init__(*args, **kwargs)
        self._choose_estate(estates)
        if "estate" in self.fields and self.instance.pk:
            del self.fields["estate"]
        self.fields["owner"].queryset = (
            Staff.objects.active()
            .filter(memberships__estate__in=[each.pk for each in estates])
            .distinct()
            .order_by("name", "pk")
        )

    def _post_clean(self):
        """As for a survey."""


class PlanForm(EstateMixin, forms.Form):
    estate = forms.ChoiceField(label=_("项目"))
    year = forms.IntegerField(label=_("年度"), min_value=2020, max_value=2100)
    half = forms.TypedChoiceField(
        label=_("半年"), choices=[(1, _("上半年")), (2, _("下半年"))], coerce=int
    )

    def __init__(self, *args, estates, **kwargs):
        super().__init__(*args, **kwargs)
        self._choose_estate(estates)


class SuggestionForm(EstateMixin, HouseholdMixin, forms.Form):
    estate = forms.ChoiceField(label=_("项目"))
    room = line(_("房号"), most=30, required=False, help_text=_("不知道哪一户可以不写"))
    name = line(_("建议人"), required=False)
    phone = line(_("联系电话"), required=False)
    origin = forms.ChoiceField(label=_("来源"), choices=Origin.choices)
    topic = forms.ChoiceField(label=_("项目分类"), choices=Topic.choices)
    content = words(_("建议内容"), rows=4, most=2000, missing=_("写业户建议的内容"))

    def __init__(self, *args, staff, estates, **kwargs):
        super().__init__(*args, **kwargs)
        self.staff = staff
        self._choose_estate(estates)

    def clean_room(self):
        return self.read_room(self.cleaned_data["room"], self.staff)

    def clean_phone(self):
        return clean_phone(self.cleaned_data["phone"])
