"""An app that declares two kinds of follow-up, for tests that need no particular one."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from followups.kinds import Kind

DISPATCH = Kind(
    key="sample.dispatch",
    label=_("转单"),
    title=gettext_noop("转单: %(place)s %(what)s"),
    action=_("转工程"),
    night=True,
    pausable=False,
)
CALLBACK = Kind(
    key="sample.callback",
    label=_("回访"),
    title=gettext_noop("回访: %(place)s %(what)s"),
    action=_("记结果"),
    area=True,
)
KINDS = (DISPATCH, CALLBACK)


def open_due(now):
    """Nothing becomes due by time alone."""
