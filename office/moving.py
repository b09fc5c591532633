"""Changing a paper only if nobody else changed it since it was read."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import Staff
from history import recent
from office.events import EVENTS


def move(paper: models.Model, to: str, *, by: Staff, now: datetime, **changes: Any) -> None:
    """Change the status along the paper's MOVES, and with it ``changes``.

    Raises ValidationError that says who was faster, or why the state does not allow it.
    """
    if to not in paper.MOVES[paper.status]:
        raise ValidationError(_refusal(paper, to, by=by, now=now), code="stale")
    change(paper, by=by, now=now, status=to, **changes)


def change(paper: models.Model, *, by: Staff, now: datetime, **changes: Any) -> None:
    """Change fields of a paper as it was seen; the same refusal when a colleague was faster."""
    changed = (
        type(paper)
        ._default_manager.filter(pk=paper.pk, status=paper.status, version=paper.version)
        .update(version=F("version") + 1, **changes)
    )
    if not changed:
        fresh = type(paper)._default_manager.get(pk=paper.pk)
        raise ValidationError(_refusal(fresh, None, by=by, now=now), code="stale")
    paper.version += 1
    for name, value in changes.items():
        setattr(paper, name, value)


def must_be(paper: models.Model, *statuses: str, by: Staff, now: datetime) -> None:
    """Raise the refusal unless the paper is in one of these states."""
    if paper.status not in statuses:
        raise ValidationError(_refusal(paper, None, by=by, now=now), code="stale")


def stale_words(paper: models.Model, *, by: Staff, now: datetime) -> str:
    """What to say to somebody who looked at an older state of the paper."""
    return recent.faster(paper, EVENTS, by=by, now=now) or _(
        "这张单在您打开之后改过。页面上是新内容, 您写的还在"
    )


def _refusal(paper, to, *, by, now) -> str:
    just_now = recent.faster(paper, EVENTS, by=by, now=now)
    if just_now:
        return just_now
    if to is None:
        return _("现在是“%(was)s”。刷新页面, 按当前状态处理") % {"was": paper.get_status_display()}
    return _("现在是“%(was)s”, 不能改为“%(to)s”。刷新页面, 按当前状态处理") % {
        "was": paper.get_status_display(),
        "to": dict(paper._meta.get_field("status").flatchoices)[to],
    }
