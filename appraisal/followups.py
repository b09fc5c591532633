"""What the appraisal makes people owe: inspections of a period, reading, and deciding appeals."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import posts
from accounts.models import Staff
from appraisal.models import Appeal, Round, Sheet
from followups import kinds
from followups.actions import open_followup
from followups.models import FollowUp

INSPECT = "appraisal.inspect"
SEE = "appraisal.see"
DECIDE = "appraisal.decide"
NAME = "appraisal.name_reviewer"

KINDS = (
    kinds.Kind(key=INSPECT, label=_("检查"), title=gettext_noop("%(what)s: %(count)s 人"),
               action=_("去检查")),
    kinds.Kind(key=SEE, label=_("阅考评表"), title=gettext_noop("阅看考评表并签意见: %(what)s"),
               action=_("去看")),
    kinds.Kind(key=DECIDE, label=_("裁定申诉"), title=gettext_noop("裁定申诉: %(what)s"),
               action=_("裁定"), pausable=False),
    kinds.Kind(key=NAME, label=_("指定复核人"), title=gettext_noop("指定申诉复核人: %(what)s"),
               action=_("指定"), pausable=False),
)  # fmt: skip


def owe_inspection(round_: Round, *, count: int, due_at: datetime, now: datetime) -> None:
    """The inspector owes the round; one that is owed already says how many people it is about now."""
    params = {"what": f"{round_.get_kind_display()} {round_.starts_on:%m-%d}", "count": count}
    row = FollowUp.objects.open().about(round_).filter(kind=INSPECT).first()
    if row:
        FollowUp.objects.filter(pk=row.pk).update(params=row.params | params)
        return
    open_followup(
        round_,
        INSPECT,
        now=now,
        owner=round_.inspector,
        owner_post=round_.inspector.post,
        estate=round_.estate,
        due_at=max(due_at, now),
        params=params,
        url=reverse("appraisal:round_detail", args=[round_.pk]),
    )


def owe_reading(sheet: Sheet, *, now: datetime) -> None:
    """The person scored reads his sheet; the window for an appeal opens when he has."""
    open_followup(
        sheet,
        SEE,
        now=now,
        owner=sheet.staff,
        owner_post=sheet.staff.post,
        estate=sheet.estate,
        limit_key="appraisal.appeal",
        params={"what": f"{sheet.number} {sheet.get_kind_display()}"},
        url=reverse("appraisal:sheet_detail", args=[sheet.pk]),
    )


def owe_decision(appeal: Appeal, *, now: datetime, namer: Staff | None = None) -> None:
    """The decider owes the decision; where nobody can decide, the general manager a reviewer.

    Both within the working days of the rulebook, counted from the appeal itself.
    """
    open_followup(
        appeal,
        DECIDE if appeal.decider_id else NAME,
        now=now,
        start=appeal.at,
        owner=appeal.decider or namer,
        owner_post=(appeal.decider or namer).post if appeal.decider or namer else
        posts.GENERAL_MANAGER,
        estate=appeal.sheet.estate,
        limit_key="appraisal.appeal_decision",
        params={"what": f"{appeal.sheet.number} {appeal.by.name}"},
        url=reverse("appraisal:appeal_detail", args=[appeal.pk]),
    )  # fmt: skip
