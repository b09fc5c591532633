"""What a major incident makes people owe: each person told says that he knows (DUT-3)."""

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
)


def open_due(now: datetime) -> None:
    """Time alone makes nothing due here: an incident opens its follow-ups when it is raised."""
