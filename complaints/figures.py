"""What is counted about complaints: one condition each, read by the list and by the analysis.

A figure of the analysis opens the list with the same condition, so the two never disagree.
"""

from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from complaints.choices import Validity
from complaints.models import Complaint, Extension, Transfer
from complaints.statuses import Status
from repairs.models import Satisfaction

YEAR = timedelta(days=365)


def month_of(moment: datetime) -> date:
    """The first day of the month that a moment falls into, in Shanghai."""
    return timezone.localdate(moment).replace(day=1)


def next_month(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def made_in(month: date) -> Q:
    """Complained in this month, in Shanghai."""
    return Q(complained_at__gte=midnight(month), complained_at__lt=midnight(next_month(month)))


def passed_to(department: str) -> Q:
    """Passed on to this department at any time."""
    return Q(Exists(Transfer.objects.filter(complaint=OuterRef("pk"), department=department)))


def repeats() -> Q:
    """The unit had complained within the year before."""
    return Q(
        Exists(
            Complaint.objects.filter(
                unit=OuterRef("unit"),
                complained_at__lt=OuterRef("complained_at"),
                complained_at__gte=OuterRef("complained_at") - YEAR,
            )
        )
    )


VALID = Q(validity=Validity.VALID)
HANDLED = VALID & Q(handled_at__isnull=False)


def flags(now: datetime) -> dict[str, tuple]:
    """Code → (label, condition) of everything that is simply so or not."""
    late = Q(late_rounds__gt=0) | Q(
        handled_at__isnull=True, promised_at__lt=now, validity=Validity.VALID
    )
    return {
        "open": (_("未结案"), ~Q(status=Status.CLOSED)),
        "closed": (_("已结案"), Q(status=Status.CLOSED)),
        "handled": (_("已处理"), HANDLED),
        "in_time": (_("按时处理"), HANDLED & ~late),
        "late": (_("超时"), VALID & late),
        "due": (_("已到期或已处理"), VALID & (Q(handled_at__isnull=False) | late)),
        "asked": (_("已回访有评价"), VALID & ~Q(satisfaction="")),
        "satisfied": (
            _("满意或基本满意"),
            VALID & Q(satisfaction__in=[Satisfaction.SATISFIED, Satisfaction.FAIR]),
        ),
        "dissatisfied": (_("不满意"), VALID & Q(satisfaction=Satisfaction.DISSATISFIED)),
        "reopened": (_("重开过"), Q(reopenings__gt=0)),
        "repeats": (_("重复投诉"), repeats()),
        "unreplied": (
            _("还没有首次回复"),
            Q(first_replied_at__isnull=True) & ~Q(status=Status.CLOSED),
        ),
        "upgraded": (_("满一个月升级"), Q(upgraded_at__isnull=False)),
        "extended": (_("延期过"), Q(extensions_in_force())),
    }


def extensions_in_force() -> Exists:
    return Exists(
        Extension.objects.filter(complaint=OuterRef("pk"), resident_told_at__isnull=False)
    )
