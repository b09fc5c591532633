"""Reasons that one tap gives: stored by their msgid, told in the reader's language.

Behind the tap may stand what somebody wrote himself: ``人手不够, 明天上午去``.
"""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from notifications.wording import msgid_of

REFUSALS = (_("信息不全"), _("不归工程部"), _("重复的单"), _("属保修期, 找施工单位"))
DELAYS = (_("人手不够"), _("配件没到"), _("急修占用"), _("天气原因"))


def choices_of(chips: Iterable[str | Promise]) -> list[tuple[str, str | Promise]]:
    """What is stored, and what the chip says."""
    return [(msgid_of(chip), chip) for chip in chips]


def told(reason: str) -> str:
    """A stored reason in the reader's language; what was written by hand stays as it is."""
    for chip in (*REFUSALS, *DELAYS):
        words = msgid_of(chip)
        if reason == words or reason.startswith(f"{words}, "):
            return gettext(words) + reason[len(words) :]
    return reason
