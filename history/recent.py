"""What somebody did to a record a moment ago: the words for whoever comes second."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from history.models import Entry

A_WHILE = 600  # seconds


def faster(subject: Model, events: Mapping[str, Any], *, by: Any, now: datetime) -> str:
    """Who did what within the last ten minutes; empty when it is longer ago.

    ``events`` maps the codes that count to what they are called.
    """
    last = Entry.objects.about(subject).filter(event__in=list(events)).first()
    if last is None or (now - last.at).total_seconds() > A_WHILE:
        return ""
    return _("%(who)s %(ago)s已%(what)s。页面已更新, 您写的内容还在") % {
        "who": _("您") if last.by_id == by.pk else last.by_name or _("系统"),
        "ago": ago(int((now - last.at).total_seconds())),
        "what": events[last.event],
    }


def ago(seconds: int) -> str:
    """How long ago, as people say it."""
    if seconds < 1:
        return _("刚刚")
    if seconds < 60:
        return ngettext("%(count)s 秒前", "%(count)s 秒前", seconds) % {"count": seconds}
    minutes = seconds // 60
    return ngettext("%(count)s 分钟前", "%(count)s 分钟前", minutes) % {"count": minutes}
