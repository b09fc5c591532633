"""Forms of the follow-up pages: pausing, and handing over all that somebody owes."""

from datetime import datetime

from django import forms
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from estates.models import estate_ids_of
from followups.models import OPEN
from followups.worklists import line_of


class PauseForm(forms.Form):
    reason = forms.CharField(
        label=_("暂停原因"), max_length=200, help_text=_("如 等业主回家、等配件")
    )
    look_again_at = forms.DateTimeField(
        label=_("再查看时间"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("到这个时间自动恢复计时并提醒"),
    )

    def clean_look_again_at(self) -> datetime:
        return self.cleaned_data["look_again_at"].replace(second=0, microsecond=0)


class StaffWithCount(forms.ModelChoiceField):
    """A person, and how much he owes."""

    def label_from_instance(self, staff: Staff) -> str:
        name = f"{staff.name} · {staff.get_post_display()} · "
        name += str(_("%(count)s项")) % {"count": staff.owed}
        return name if staff.is_active else name + str(_("(已停用)"))


class HandAllForm(forms.Form):
    """``by`` may hand over for people of his estates whom he manages or who are below him."""

    staff = StaffWithCount(label=_("从谁那里"), queryset=Staff.objects.none())
    to = StaffWithCount(label=_("全部交给"), queryset=Staff.objects.none())

    def __init__(self, *args, by: Staff, **kwargs):
        super().__init__(*args, **kwargs)
        colleagues = (
            Staff.objects.filter(memberships__estate__in=estate_ids_of(by))
            .annotate(owed=Count("followups", filter=_within("followups", OPEN), distinct=True))
            .order_by("name", "pk")
            .distinct()
        )
        givers = colleagues
        if not by.has_perm("accounts.manage"):
            givers = colleagues.filter(Q(pk__in=line_of(by)) | Q(pk=by.pk))
        self.fields["staff"].queryset = givers
        self.fields["to"].queryset = colleagues.filter(is_active=True)


def _within(relation: str, condition: Q) -> Q:
    return Q(*((f"{relation}__{name}", value) for name, value in condition.children))
