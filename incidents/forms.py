"""The sheet behind the major-event button: where, and a chip or a sentence."""

from datetime import datetime, timedelta
from uuid import uuid4

from django import forms
from django.db.models import Case, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from accounts.posts import POSTS, SYSADMIN
from estates.models import Estate, PublicPlace, Unit
from estates.typed import half_width
from incidents.models import Category, Incident


class Person(forms.ModelChoiceField):
    def label_from_instance(self, staff):
        return f"{staff.name} · {staff.get_post_display()}"


def read_past(text: str, now: datetime) -> datetime | None:
    """15:30 as the last time that the clock stood so; None when nothing was typed."""
    text = half_width(text).strip()
    if not text:
        return None
    try:
        hour, minute = (int(part) for part in text.split(":"))
        at = timezone.localtime(now).replace(hour=hour, minute=minute, second=0, microsecond=0)
    except ValueError:
        raise forms.ValidationError(_("写成 15:30 这样的时间")) from None
    return at if at <= now else at - timedelta(days=1)


class RaiseForm(forms.Form):
    """Two things are needed: where, and either a category other than 其他 or a sentence."""

    client_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    estate = forms.ModelChoiceField(Estate.objects.none(), label=_("项目"), empty_label=None)
    category = forms.ChoiceField(
        label=_("类别"),
        choices=Category.choices,
        initial=Category.OTHER,
        required=False,
        widget=forms.RadioSelect,
    )
    where = forms.CharField(
        label=_("地点"),
        max_length=100,
        error_messages={"required": _("写在哪里, 如 3-2-1102 或 3栋电梯")},
        widget=forms.TextInput(attrs={"list": "incident-places", "autocomplete": "off"}),
    )
    what = forms.CharField(
        label=_("经过"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    happened_at = forms.CharField(
        label=_("发生时间"),
        required=False,
        max_length=40,
        help_text=_("空着就是现在; 可写 15:30"),
    )

    def __init__(self, *args, staff: Staff, now: datetime, **kwargs):
        super().__init__(*args, **kwargs)
        self.now = now
        estates = Estate.objects.visible_to(staff)
        self.fields["estate"].queryset = estates
        self.own_estates = list(estates)
        if self.own_estates:
            self.initial.setdefault("estate", self.own_estates[0].pk)
        if len(self.own_estates) == 1:
            self.fields["estate"].widget = forms.HiddenInput()
        self.fields["where"].widget.attrs["autofocus"] = True

    def clean_happened_at(self):
        return read_past(self.cleaned_data["happened_at"], self.now)

    def clean_category(self):
        return self.cleaned_data["category"] or Category.OTHER

    def clean(self):
        data = super().clean()
        category = data.get("category")
        if not data.get("what") and "what" not in self.errors:
            if category in (None, Category.OTHER):
                self.add_error("what", _("写一句发生了什么, 或选一个类别"))
            else:
                data["what"] = str(Category(category).label)
        data["unit"], data["place"] = _place_of(data.get("estate"), data.get("where", ""))
        return data

    def places(self):
        """Names of the public places, offered while typing."""
        return (
            PublicPlace.objects.filter(estate__in=self.own_estates)
            .order_by("name")
            .values_list("name", flat=True)
            .distinct()[:200]
        )


def _place_of(estate: Estate | None, where: str) -> tuple[Unit | None, PublicPlace | None]:
    """The unit or public place that was written, if it is written as the house knows it."""
    if not estate or not where:
        return None, None
    unit = Unit.objects.filter(estate=estate, code=where).first()
    place = None if unit else PublicPlace.objects.filter(estate=estate, name=where).first()
    return unit, place


class TellForm(forms.Form):
    """One person more: whoever works for the estate and was not told yet, the highest first."""

    staff = Person(
        Staff.objects.none(),
        label=_("再通知一人"),
        empty_label=_("选择要通知的人"),
        error_messages={"required": _("选择要通知的人"), "invalid_choice": _("选择要通知的人")},
    )

    def __init__(self, *args, incident: Incident, **kwargs):
        super().__init__(*args, **kwargs)
        rank = Case(*(When(post=post.code, then=n) for n, post in enumerate(POSTS)))
        self.fields["staff"].queryset = (
            Staff.objects.active()
            .filter(memberships__estate=incident.estate_id)
            .exclude(incident_notices__incident=incident)
            .exclude(pk=incident.reported_by_id)
            .exclude(post=SYSADMIN)
            .order_by(rank, "name", "pk")
        )


class MeasureForm(forms.Form):
    what = forms.CharField(
        label=_("做了什么"),
        max_length=500,
        error_messages={"required": _("写做了什么")},
    )
    at = forms.CharField(
        label=_("什么时候"), required=False, max_length=40, help_text=_("空着就是现在; 可写 15:30")
    )

    def __init__(self, *args, now, **kwargs):
        super().__init__(*args, **kwargs)
        self.now = now

    def clean_at(self):
        return read_past(self.cleaned_data["at"], self.now)


class ReportForm(forms.Form):
    report = forms.CharField(
        label=_("书面报告"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("写报告正文")},
    )
    losses = forms.CharField(
        label=_("损失及伤亡"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("没有损失和伤亡就写“无”")},
    )
    aftermath = forms.CharField(
        label=_("后续"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class OpinionForm(forms.Form):
    opinion = forms.CharField(
        label=_("经理意见"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("写经理意见, 再归档")},
    )
