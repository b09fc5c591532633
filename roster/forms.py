"""Forms of the roster: a new month, a person for a shift, a swap."""

from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from estates.models import Estate
from roster.models import Duty, Roster
from roster.patterns import PATTERN_CHOICES, PATTERNS, SHIFTS, TWO, standing_for


class PersonChoice(forms.ModelChoiceField):
    def label_from_instance(self, staff):
        return f"{staff.name} · {staff.get_post_display()}"


class PeopleChoice(forms.ModelMultipleChoiceField):
    def label_from_instance(self, staff):
        return f"{staff.name} · {staff.get_post_display()}"


def people_of(estates, posts):
    return (
        Staff.objects.active()
        .filter(memberships__estate__in=estates, post__in=posts)
        .distinct()
        .order_by("post", "name", "pk")
    )


def qualified_of(estates, posts):
    """Who is offered for a shift (TRN-1)."""
    return people_of(estates, posts).filter(qualified_on__isnull=False)


def posts_of(pattern: str) -> set[str]:
    """Everybody who has a place in some shift of a pattern."""
    return {post for shift in PATTERNS[pattern] for post in shift.posts}


class MonthForm(forms.Form):
    """Which month, in two or three shifts, and who takes turns in each shift."""

    estate = forms.ModelChoiceField(Estate.objects.none(), label=_("项目"), empty_label=None)
    month = forms.DateField(
        label=_("月份"),
        input_formats=["%Y-%m", "%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "month"}, format="%Y-%m"),
        error_messages={"invalid": _("写成 2026-12")},
    )
    pattern = forms.ChoiceField(
        label=_("班制"), choices=PATTERN_CHOICES, widget=forms.RadioSelect, initial=TWO
    )

    def __init__(self, data=None, *, staff: Staff, today: date, pattern: str = TWO):
        super().__init__(data)
        estates = Estate.objects.visible_to(staff)
        self.fields["estate"].queryset = estates
        self.fields["month"].initial = (today.replace(day=28) + timedelta(days=4)).replace(day=1)
        self.pattern = data.get("pattern", TWO) if data else pattern
        if self.pattern not in PATTERNS:
            self.pattern = TWO
        self.fields["pattern"].initial = self.pattern
        self.unqualified = people_of(estates, posts_of(self.pattern)).filter(qualified_on=None)
        for shift in PATTERNS[self.pattern]:
            self.fields[shift.code] = PeopleChoice(
                qualified_of(estates, shift.posts),
                label=shift.label,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )

    def turns(self):
        """Shift code → the people chosen for it."""
        return {
            shift.code: list(self.cleaned_data[shift.code])
            for shift in PATTERNS[self.pattern]
            if self.cleaned_data[shift.code]
        }


class AssignForm(forms.Form):
    day = forms.DateField(
        label=_("日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    shift = forms.ChoiceField(label=_("班次"))
    staff = PersonChoice(Staff.objects.none(), label=_("值班人"))

    def __init__(self, data=None, *, roster: Roster, initial=None):
        super().__init__(data, initial=initial)
        shifts = PATTERNS[roster.pattern]
        self.fields["shift"].choices = [(shift.code, shift.label) for shift in shifts]
        allowed, estates = posts_of(roster.pattern), [roster.estate_id]
        self.fields["staff"].queryset = qualified_of(estates, allowed)
        self.unqualified = people_of(estates, allowed).filter(qualified_on=None)


class SwapForm(forms.Form):
    taker = PersonChoice(Staff.objects.none(), label=_("换给谁"))
    back = forms.ModelChoiceField(
        Duty.objects.none(), label=_("换回对方的班"), required=False, empty_label=_("不换回")
    )
    reason = forms.CharField(
        label=_("事由"), max_length=200, error_messages={"required": _("写明换班事由")}
    )

    def __init__(self, data=None, *, duty: Duty, now):
        super().__init__(data)
        may = [post for post in SHIFTS[duty.shift].posts if post in standing_for(duty.post)]
        takers = qualified_of([duty.roster.estate_id], may).exclude(pk=duty.staff_id)
        self.fields["taker"].queryset = takers
        self.fields["back"].queryset = (
            Duty.objects.published()
            .filter(roster=duty.roster, staff__in=takers, starts_at__gt=now)
            .select_related("staff")
            .order_by("starts_at", "pk")
        )


class DecideForm(forms.Form):
    note = forms.CharField(label=_("批准意见"), max_length=200, required=False)
