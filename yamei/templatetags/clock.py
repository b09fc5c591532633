"""A deadline as colour, sign and words (screens.md 3.2), the same on every page."""

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from yamei.templatetags.icons import icon
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
RUNNING = ("late", "risk", "ok")


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


@register.simple_tag
def clock_chip(followup):
    """Icon, words and colour of one follow-up; static/js keeps the words of a running one current.

    Not a template of its own: a list draws 25 of them.
    """
    now = timezone.now()
    state, due = state_of(followup, now), followup.due_at.isoformat()
    running = ""
    if state in RUNNING:
        start = followup.started_at.isoformat()
        running = format_html(' data-clock data-due="{}" data-start="{}"', due, start)
    return format_html(
        '<time class="clock clock-{}" datetime="{}" title="{}"{}>{}<span data-clock-words>{}</span></time>',
        state,
        due,
        _("期限 %(exact)s") % {"exact": exact(followup.due_at)},
        running,
        icon(ICONS[state]),
        words_of(followup, now),
    )


@register.filter
def clock_state(followup):
    """For the bar left of a row: ``class="is-{{ followup|clock_state }}"``."""
    return state_of(followup, timezone.now())
