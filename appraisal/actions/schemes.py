"""Drafting and publishing schemes: full marks sum to 100, or they are refused."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Staff
from appraisal.arithmetic import sums_to_hundred
from appraisal.items import SCORED_POSTS, Group, items_of
from appraisal.models import Scheme
from appraisal.schemes import EVERY_SOP
from history import entries


def save_draft(
    post: str,
    *,
    full: Mapping[str, Decimal],
    groups: Mapping[str, str],
    sops: list[str],
    other_sops: list[str],
    note: str,
    by: Staff,
    now: datetime,
) -> Scheme:
    """Write the one draft of a post. ValidationError unless the marks make 100 (APP-5, APP-7),
    every group feeds an item of the sheet, and at least one procedure may be cited.
    """
    _require(by)
    if post not in SCORED_POSTS:
        raise ValidationError(_("这个岗位没有考评表"))
    items = items_of(post)
    if set(full) != set(items) or not sums_to_hundred(full):
        raise ValidationError(
            {
                "full": _("各项满分须合计 100 分, 现在是 %(sum)s 分")
                % {"sum": f"{sum(full.values(), Decimal(0)).normalize():f}"}
            }
        )
    if set(groups) != set(Group.values) or not set(groups.values()) <= set(items):
        raise ValidationError({"groups": _("每类规则都要归到本表的一个项目")})
    if not sops or not set(sops) <= set(EVERY_SOP) or not set(other_sops) <= set(EVERY_SOP):
        raise ValidationError({"sops": _("至少选一个可引用的规程")})
    with transaction.atomic():
        newest = Scheme.objects.filter(post=post).aggregate(version=Max("version"))["version"] or 0
        row = Scheme.objects.filter(post=post, published_at=None).first()
        row = row or Scheme(post=post, version=newest + 1)
        row.full = {item: str(full[item]) for item in items}
        row.groups, row.sops, row.other_sops = dict(groups), list(sops), list(other_sops)
        row.note, row.drafted_by, row.drafted_at = note.strip(), by, now
        row.save()
        entries.record(row, "appraisal.scheme_drafted", by=by, now=now, full=row.full)
    return row


def publish_scheme(row: Scheme, *, effective_on: date, by: Staff, now: datetime) -> None:
    """In force from a day on, today at the earliest: sheets that exist keep their own rules."""
    _require(by)
    if effective_on < timezone.localdate(now):
        raise ValidationError({"effective_on": _("生效日期不能早于今天")})
    with transaction.atomic():
        updated = Scheme.objects.filter(pk=row.pk, published_at=None).update(
            effective_on=effective_on, published_at=now, published_by=by
        )
        if not updated:
            raise ValidationError(_("这个方案已经公布过了"), code="stale")
        entries.record(row, "appraisal.scheme_published", by=by, now=now,
                       effective_on=effective_on.isoformat())  # fmt: skip
    row.refresh_from_db()


def drop_draft(row: Scheme, *, by: Staff, now: datetime) -> None:
    """Throw a draft away; a published scheme stays."""
    _require(by)
    if row.published_at:
        raise ValidationError(_("已公布的方案不能删除"))
    with transaction.atomic():
        entries.record(row, "appraisal.scheme_dropped", by=by, now=now)
        row.delete()


def _require(by: Staff) -> None:
    if not by.has_perm("appraisal.change_schemes"):
        raise ValidationError(_("只有客服部经理可以修改考评方案"))
