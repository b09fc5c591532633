"""What the registers make people owe: loans, mail, things waiting, and the monthly counts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import posts
from accounts.models import Staff
from estates.models import Estate
from followups.actions import open_followup
from followups.kinds import Kind
from followups.models import FollowUp
from registers.models import (
    ArchiveCheck,
    ArchiveFile,
    Deposit,
    KeyCount,
    KeyCustody,
    Record,
    StockCount,
)
from registers.models.archive import ArchiveStatus
from registers.models.storage import DepositStatus
from rulebook.limits import due, limit

SIGN = "registers.sign"
KEY_APPROVE = "registers.key_approve"
KEY_LOAN = "registers.key_loan"
KEY_SETTLE = "registers.key_settle"
KEY_COUNT = "registers.key_count"
KEY_DIFFERENCE = "registers.key_difference"
CARD_BLOCK = "registers.card_block"
CARD_REFUND = "registers.card_refund"
MAIL_DELIVER = "registers.mail_deliver"
MAIL_RETURN = "registers.mail_return"
STORAGE_ASK = "registers.storage_ask"
STORAGE_DECIDE = "registers.storage_decide"
ARCHIVE_ENTER = "registers.archive_enter"
ARCHIVE_TIDY = "registers.archive_tidy"
ARCHIVE_DIFFERENCE = "registers.archive_difference"
ARCHIVE_APPROVE = "registers.archive_approve"
ARCHIVE_LOAN = "registers.archive_loan"
ARCHIVE_EXPIRED = "registers.archive_expired"
ARCHIVE_DESTROY = "registers.archive_destroy"

KINDS = (
    Kind(key=SIGN, label=_("补签名"), title=gettext_noop("请本人签名: %(place)s %(what)s"),
         action=_("记签名"), pausable=False),
    Kind(key=KEY_APPROVE, label=_("批钥匙"), title=gettext_noop("批复借用钥匙: %(place)s %(what)s"),
         action=_("批复"), pausable=False),
    Kind(key=KEY_LOAN, label=_("催还钥匙"), title=gettext_noop("催还钥匙: %(place)s %(what)s"),
         action=_("记催还"), pausable=False),
    Kind(key=KEY_SETTLE, label=_("钥匙丢失"), title=gettext_noop("处理丢失损坏的钥匙: %(place)s %(what)s"),
         action=_("写处理备忘")),
    Kind(key=KEY_COUNT, label=_("盘点钥匙"), title=gettext_noop("每月盘点钥匙: %(what)s"),
         action=_("盘点")),
    Kind(key=KEY_DIFFERENCE, label=_("盘点不符"), title=gettext_noop("钥匙盘点不符: %(what)s"),
         action=_("查差异")),
    Kind(key=CARD_BLOCK, label=_("停用挂失卡"), title=gettext_noop("在系统停用挂失卡: %(place)s %(what)s"),
         action=_("已停用"), night=True, pausable=False),
    Kind(key=CARD_REFUND, label=_("退押金"), title=gettext_noop("退还收回卡的押金: %(place)s %(what)s"),
         action=_("记退款")),
    Kind(key=MAIL_DELIVER, label=_("送邮件"), title=gettext_noop("送达特殊邮件: %(place)s %(what)s"),
         action=_("记送达")),
    Kind(key=MAIL_RETURN, label=_("退邮件"), title=gettext_noop("代存到期, 退回邮件: %(place)s %(what)s"),
         action=_("记退回"), pausable=False),
    Kind(key=STORAGE_ASK, label=_("催领寄存"), title=gettext_noop("催领寄存物品: %(place)s %(what)s"),
         action=_("记催领")),
    Kind(key=STORAGE_DECIDE, label=_("寄存处置"), title=gettext_noop("决定怎样处置久存物品: %(place)s %(what)s"),
         action=_("写决定"), pausable=False),
    Kind(key=ARCHIVE_ENTER, label=_("归档"), title=gettext_noop("材料录入档案: %(place)s %(what)s"),
         action=_("归入档案"), pausable=False),
    Kind(key=ARCHIVE_TIDY, label=_("整理档案"), title=gettext_noop("每月整理备份档案: %(what)s"),
         action=_("清点整理")),
    Kind(key=ARCHIVE_DIFFERENCE, label=_("档案不符"), title=gettext_noop("档案清点不符: %(what)s"),
         action=_("查差异")),
    Kind(key=ARCHIVE_APPROVE, label=_("批借档案"), title=gettext_noop("批复长借档案: %(place)s %(what)s"),
         action=_("批复")),
    Kind(key=ARCHIVE_LOAN, label=_("催还档案"), title=gettext_noop("收回借出的档案: %(place)s %(what)s"),
         action=_("记归还"), pausable=False),
    Kind(key=ARCHIVE_EXPIRED, label=_("保存期满"),
         title=gettext_noop("档案保存期满, 续存或申请销毁: %(place)s %(what)s"), action=_("续存或销毁")),
    Kind(key=ARCHIVE_DESTROY, label=_("批销毁"), title=gettext_noop("批复档案销毁: %(place)s %(what)s"),
         action=_("批复")),
)  # fmt: skip

# What a new record starts: kind, who owes it, and the number of the rulebook that says by when.
STARTS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "mail": ((MAIL_DELIVER, posts.FRONT_DESK, "mail.deliver"),),
    "storage": ((STORAGE_ASK, posts.FRONT_DESK, "storage.remind"),),
    "papers": ((ARCHIVE_ENTER, posts.FRONT_DESK, "archive.enter"),),
}


@dataclass(frozen=True)
class CountTerms:
    """A monthly count: of what, by which day, and what it and its differences are owed as."""

    counted: type[Record]
    kind: str
    day_key: str
    difference: str
    settle_key: str


COUNTS: dict[type[StockCount], CountTerms] = {
    KeyCount: CountTerms(KeyCustody, KEY_COUNT, "keys.stock_count", KEY_DIFFERENCE, "keys.settle"),
    ArchiveCheck: CountTerms(
        ArchiveFile, ARCHIVE_TIDY, "archive.tidy", ARCHIVE_DIFFERENCE, "archive.settle"
    ),
}
SIGN_WITHIN = {"keys": "keys.sign", "storage": "storage.sign"}
A_SCAN = 200
END_OF_WORK = 18  # o'clock: by when the manager decides on the day that it falls due


def open_for(
    record: Record, kind: str, *, now: datetime, owner_post: str, owner: Staff | None = None,
    **terms: Any,
) -> FollowUp:  # fmt: skip
    """Owe something about a record; ``terms`` are limit_key, start and due_at."""
    return open_followup(
        record,
        kind,
        now=now,
        owner_post=owner_post,
        owner=owner,
        estate=record.estate,
        unit=record.unit,
        params={"what": record.summary[:60]},
        url=record.get_absolute_url(),
        **terms,
    )


def start(record: Record, *, now: datetime) -> None:
    """Owe what a new record of its register makes due."""
    if not record.is_open:
        return
    for kind, post, key in STARTS.get(record.slug, ()):
        open_for(record, kind, now=now, owner_post=post, limit_key=key, start=record.starts_at)
    if record.awaits_signature:
        open_for(record, SIGN, now=now, owner_post=posts.FRONT_DESK,
                 limit_key=SIGN_WITHIN[record.slug])  # fmt: skip


def open_due(now: datetime) -> None:
    """What time alone makes due: the month's counts, and a word on old things and old files."""
    _open_counts(now)
    _open_decisions(now)
    _open_expired(now)


def _open_counts(now: datetime) -> None:
    """KEY-1, ARC-1: every estate that keeps keys, or files, counts them once a month."""
    month = timezone.localdate(now).replace(day=1)
    for model, terms in COUNTS.items():
        known = model.objects.filter(estate=OuterRef("pk"), month=month)
        kept = terms.counted.objects.open().filter(estate=OuterRef("pk"), recorded_at__lte=now)
        for estate in Estate.objects.filter(Exists(kept)).exclude(Exists(known)).order_by("pk"):
            count = model.objects.create(estate=estate, month=month)
            _open_count(count, terms.kind, posts.FRONT_DESK, now=now,
                        due_at=count_due(terms.day_key, now))  # fmt: skip


def count_due(key: str, now: datetime) -> datetime:
    """The end of the day of the month that the rulebook names, or of today if it has passed."""
    first = timezone.localtime(now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    end_of_today = timezone.localtime(now).replace(hour=23, minute=59, second=0, microsecond=0)
    return max(due(key, start=first).due_at, end_of_today)


def open_difference(count: StockCount, *, now: datetime) -> FollowUp:
    """What was found is not what should be there: the assistant looks for it."""
    terms = COUNTS[type(count)]
    return _open_count(count, terms.difference, posts.CS_ASSISTANT, now=now,
                       limit_key=terms.settle_key)  # fmt: skip


def _open_count(
    count: StockCount, kind: str, post: str, *, now: datetime, **terms: Any
) -> FollowUp:
    return open_followup(
        count,
        kind,
        now=now,
        owner_post=post,
        estate=count.estate,
        params={"what": f"{count.month:%Y-%m}"},
        url=count.get_absolute_url(),
        place_label=count.estate.name,
        **terms,
    )


def _open_decisions(now: datetime) -> None:
    """STO-1: what was not fetched for a month goes to the manager."""
    old = now - timedelta(seconds=limit("storage.decide", at=now).seconds)
    end = timezone.localtime(now).replace(hour=END_OF_WORK, minute=0, second=0, microsecond=0)
    if end <= now:
        end += timedelta(days=1)
    for deposit in (
        Deposit.objects.filter(status=DepositStatus.STORED, recorded_at__lte=old)
        .exclude(Exists(_rows_of("deposit", STORAGE_DECIDE)))
        .select_related("estate", "unit")
        .order_by("pk")[:A_SCAN]
    ):
        open_for(deposit, STORAGE_DECIDE, now=now, owner_post=posts.CS_MANAGER, due_at=end)


def _open_expired(now: datetime) -> None:
    """ARC-1: whose retention has ended is kept longer or destroyed; refused, it is owed again."""
    for file in (
        ArchiveFile.objects.filter(
            status=ArchiveStatus.ON_FILE, keep_until__lt=timezone.localdate(now)
        )
        .exclude(Exists(_rows_of("archivefile", ARCHIVE_EXPIRED).open()))
        .select_related("estate", "unit")
        .order_by("pk")[:A_SCAN]
    ):
        open_for(file, ARCHIVE_EXPIRED, now=now, owner_post=posts.FRONT_DESK,
                 limit_key="archive.expired")  # fmt: skip


def _rows_of(model: str, kind: str):
    """The follow-ups of a kind about the line of the outer query."""
    return FollowUp.objects.filter(
        content_type__app_label="registers",
        content_type__model=model,
        object_id=OuterRef("pk"),
        kind=kind,
    )
