"""Every number of the manual, as shipped (version 0). Changes live in ``NumberVersion``.

One table per topic; where each default comes from is told in docs/numbers.md.
"""

from django.utils.translation import gettext_lazy as _

from rulebook.numbers import ladder, repairs
from rulebook.numbers.row import Number

NUMBERS: tuple[Number, ...] = repairs.NUMBERS + ladder.NUMBERS

BY_KEY = {number.key: number for number in NUMBERS}

TOPIC_LABELS = {
    "repairs": _("报修"),
    "contacts": _("来电来访"),
    "incidents": _("重大事件"),
    "followups": _("提醒与升级"),
    "quiet": _("免打扰"),
}


def number_of(key: str) -> Number:
    """The row of a number; KeyError for a key that no table holds."""
    return BY_KEY[key]
