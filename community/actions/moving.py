"""Changing a record only if nobody else changed it since it was read."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from community.models import CommunityEvent, EventPlan, Measure, Suggestion, Survey
from community.statuses import (
    EVENT_MOVES,
    MEASURE_MOVES,
    PLAN_MOVES,
    SUGGESTION_MOVES,
    SURVEY_MOVES,
)
from history.models import Entry

MOVES = {
    Survey: SURVEY_MOVES,
    Measure: MEASURE_MOVES,
    EventPlan: PLAN_MOVES,
    CommunityEvent: EVENT_MOVES,
    Suggestion: SUGGESTION_MOVES,
}


def move(record: models.Model, to: str, **changes: Any) -> None:
    """Change the status along the record's table, and with it ``changes``.

    Raises ValidationError for a step that the table does not know, and with code ``stale`` when
    a colleague was faster.
    """
    if to not in MOVES[type(record)][record.status]:
        raise ValidationError(
            _("现在是“%(was)s”, 不能改为“%(to)s”。刷新页面, 按当前状态处理")
            % {"was": record.get_status_display(), "to": type(to)(to).label}
        )
    change(record, status=to, **changes)


def must_be(record: models.Model, *statuses: str) -> None:
    """Raise ValidationError unless the record is in one of these states."""
    if record.status not in statuses:
        raise ValidationError(
            _("现在是“%(was)s”, 这一步已经过了。刷新页面, 按当前状态处理")
            % {"was": record.get_status_display()}
        )


def change(record: models.Model, **changes: Any) -> None:
    """Write fields if the record is still as it was read; ValidationError ``stale`` if not."""
    changed = (
        type(record)
        .objects.filter(pk=record.pk, status=record.status, version=record.version)
        .update(version=F("version") + 1, **changes)
    )
    if not changed:
        raise ValidationError(who_was_faster(record), code="stale")
    record.version += 1
    for name, value in changes.items():
        setattr(record, name, value)


def who_was_faster(record: models.Model) -> str:
    """Who changed a record last, and when, for whoever looked at an older state of it."""
    last = Entry.objects.about(record).first()
    if last is None:
        return _("您打开之后, 记录改过。页面上是新内容, 您写的还在")
    at: datetime = timezone.localtime(last.at)
    return _("%(who)s %(at)s改过这条记录。页面上是新内容, 您写的还在") % {
        "who": last.by_name or _("系统"),
        "at": f"{at:%m-%d %H:%M} ",
    }
