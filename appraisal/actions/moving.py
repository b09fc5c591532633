"""Changing a sheet's state as it was seen, and keeping its total in step with its lines."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import Staff
from appraisal.arithmetic import total_of
from appraisal.models import Sheet
from appraisal.statuses import MOVES, Status


def move(sheet: Sheet, to: str, **changes: Any) -> None:
    """From the state the sheet was read in to ``to``; ValidationError if that is no step, or if
    somebody moved it meanwhile.
    """
    if to not in MOVES[Status(sheet.status)]:
        raise ValidationError(
            _("考评表现在是“%(status)s”, 不能这样做。刷新后再看")
            % {"status": sheet.get_status_display()}
        )
    updated = Sheet.objects.filter(pk=sheet.pk, status=sheet.status).update(
        status=to, version=F("version") + 1, **changes
    )
    if not updated:
        raise ValidationError(_("这张考评表刚刚被别人处理过, 刷新后再看"), code="stale")
    sheet.refresh_from_db()


def change_draft(sheet: Sheet, **changes: Any) -> None:
    """Write to a draft; ValidationError once it is handed in."""
    updated = Sheet.objects.filter(pk=sheet.pk, status=Status.DRAFT).update(
        version=F("version") + 1, **changes
    )
    if not updated:
        raise ValidationError(_("考评表已提交, 不能再改。扣分只能由申诉裁定撤回"), code="stale")
    sheet.refresh_from_db()


def require_draft_of(sheet: Sheet, by: Staff) -> None:
    """ValidationError unless this is the inspector's own draft."""
    if sheet.inspector_id != by.pk:
        raise ValidationError(_("只有检查人可以填写这张考评表"))
    if not sheet.is_draft:
        raise ValidationError(_("考评表已提交, 不能再改。扣分只能由申诉裁定撤回"), code="stale")


def recount(sheet: Sheet) -> None:
    """Store the total that follows from the lines now."""
    sheet.total = total_of(sheet.scores())
    Sheet.objects.filter(pk=sheet.pk).update(total=sheet.total, version=F("version") + 1)
    sheet.refresh_from_db()


def lock_row(sheet: Sheet, now: datetime) -> None:
    """Take the sheet's row until the caller commits, so that lines and total stay in step."""
    Sheet.objects.select_for_update(of=("self",)).select_related(None).get(pk=sheet.pk)
