"""What a major incident makes people owe: that each knows (DUT-3), the report, the opinion."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from followups.kinds import Kind

KINDS = (
    Kind(
        key="incidents.acknowledge",
        label=_("知悉"),
        title=gettext_noop("确认知悉重大事件: %(place)s, %(what)s"),
        action=_("我已知悉"),
        night=True,
        pausable=False,
    ),
    Kind(
        key="incidents.report",
        label=_("事件报告"),
        title=gettext_noop("写重大事件书面报告: %(place)s, %(what)s"),
        action=_("写报告"),
    ),
    Kind(
        key="incidents.opinion",
        label=_("事件意见"),
        title=gettext_noop("写经理意见并归档重大事件: %(place)s, %(what)s"),
        action=_("写意见"),
    ),
)


def open_due(now: datetime) -> None:
    """Time alone makes nothing due here: an incident opens its follow-ups when it is raised."""
