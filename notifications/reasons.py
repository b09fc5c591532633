"""Why somebody was told, in words, from the data that every message carries."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notifications.models import Message
from rulebook.numbers import number_of
from rulebook.worktime import ZONE

STANDINGS = {
    -1: gettext_lazy("暂停到期"),
    0: gettext_lazy("即将到期"),
    1: gettext_lazy("已到期"),
}
UP_THE_LINE = gettext_lazy("逾期上报")
ROLES = {
    "owner": gettext_lazy("您是责任人"),
    "post": gettext_lazy("还没有指定责任人, 您的岗位负责"),
    "lead": gettext_lazy("您是责任人的上级"),
    "line": gettext_lazy("无人接手, 按汇报关系逐级上报给您"),
    "handed": gettext_lazy("刚移交给您"),
}


def standing_of(message: Message) -> str:
    """How late it was when the message was written (已到期 …); "" if it is not about a limit."""
    level = message.why.get("level")
    if level is None:
        return ""
    return str(STANDINGS.get(level, UP_THE_LINE))


def reasons_of(message: Message) -> list[str]:
    """Sentences for the reader: which thing, which limit, which level, and why he."""
    why = message.why
    found = []
    if what := why.get("what"):
        found.append(_("事项: %(what)s") % {"what": _(what)})
    if why.get("limit"):
        found.append(_("时限: %(limit)s") % {"limit": _limit_in_words(why)})
    if due := why.get("due_at"):
        moment = datetime.fromisoformat(due)
        found.append(_("期限: %(moment)s") % {"moment": _local(moment)})
    if "level" in why:
        found.append(_("级别: %(standing)s") % {"standing": standing_of(message)})
    if why.get("repeat"):
        found.append(_("第%(count)s次重复提醒") % {"count": why["repeat"]})
    if role := ROLES.get(why.get("role", "")):
        found.append(str(role))
    if absent := why.get("instead_of"):
        found.append(_("代替%(name)s") % {"name": absent})
    return found


def _limit_in_words(why: dict) -> str:
    minutes = why.get("seconds", 0) // 60
    days, hours = divmod(minutes // 60, 24)
    if minutes < 60 or minutes % 60:
        span = _("%(count)s分钟") % {"count": minutes}
    elif hours:
        span = _("%(count)s小时") % {"count": days * 24 + hours}
    else:
        span = _("%(count)s天") % {"count": days}
    try:
        label = number_of(why["limit"]).label
    except KeyError:  # a number that a later version no longer knows
        return span
    version = why.get("version")
    if version:
        return _("%(label)s %(span)s, 第%(version)s版") % {
            "label": label,
            "span": span,
            "version": version,
        }
    return _("%(label)s %(span)s, 默认值") % {"label": label, "span": span}


def _local(moment: datetime) -> str:
    local = moment.astimezone(ZONE)
    return f"{local:%m-%d %H:%M}"
