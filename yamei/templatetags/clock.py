"""A deadline as colour, sign and words (screens.md 3.2), the same on every page."""

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _

from yamei.templatetags.moments import duration_text, exact, planned_text

register = template.Library()

# At risk from the last quarter on, and always in the last minute: the shipped values of
# followups.warn_share and followups.warn_least. Colour only; who is told when is the scan's.
RISK_SHARE = 0.25
RISK_LEAST_SECONDS = 60
RELATIVE_WITHIN_SECONDS = 24 * 3600

ICONS = {
    "late": "alert-octagon-filled",
    "risk": "alert-triangle",
    "ok": "circle",
    "paused": "player-pause",
    "done": "check",
}


def state_of(followup, now) -> str:
    """``late``, ``risk``, ``ok``, ``paused`` or ``done``, from the timestamps alone."""
    if followup.done_at:
        return "done"
    if followup.paused_at:
        return "paused"
    left = (followup.due_at - now).total_seconds()
    if left < 0:
        return "late"
    whole = (followup.due_at - followup.started_at).total_seconds()
    return "risk" if left <= max(whole * RISK_SHARE, RISK_LEAST_SECONDS) else "ok"


def words_of(followup, now) -> str:
    """What the chip says: 已超 8 分钟, 还剩 6 分钟, 暂停 · 待料, 按时完成."""
    if followup.done_at:
        late = (followup.done_at - followup.due_at).total_seconds()
        if late <= 0:
            return _("按时完成")
        return _("超时 %(time)s完成") % {"time": duration_text(late)}
    if followup.paused_at:
        reason = getattr(followup, "pause_reason", "")
        return _("暂停 · %(reason)s") % {"reason": reason} if reason else _("暂停")
    left = (followup.due_at - now).total_seconds()
    if left < 0:
        return _("已超 %(time)s") % {"time": duration_text(left)}
    if left > RELATIVE_WITHIN_SECONDS:
        return planned_text(followup.due_at)
    return _("还剩 %(time)s") % {"time": duration_text(left)}


@register.inclusion_tag("components/_clock.html")
def clock_chip(followup):
    """Icon, words and colour of one follow-up; static/js/clock.js keeps the words current."""
    now = timezone.now()
    state = state_of(followup, now)
    return {
        "state": state,
        "icon_name": ICONS[state],
        "words": words_of(followup, now),
        "due": followup.due_at.isoformat(),
        "start": followup.started_at.isoformat(),
        "exact": exact(followup.due_at),
        "runs": state in ("late", "risk", "ok"),
    }


@register.filter
def clock_state(followup):
    """For the bar left of a row: ``class="is-{{ followup|clock_state }}"``."""
    return state_of(followup, timezone.now())
