"""What is not said to a resident (MAN-7): neither that nobody knows, nor a promise of everything."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# Words that no answer card may teach, wherever they stand in it.
FORBIDDEN = ("不知道", "不清楚", "不归我管", "没办法", "包在我身上", "绝对没问题", "保证马上")
# We, or nobody named, do not know: "业户不知道密码" is no such answer.
_WE = r"(?:我们?|这个?|这件?事|这边|前台)?(?:也|都)?"
_SAID = re.compile(rf"(?:^|[\s,，.。;；:：!！?？])({_WE}(?:不知道|不清楚|不归我们?管))")


def must_not_say(answer: str) -> None:
    """Raise ValidationError by field for an answer that says we do not know."""
    if said := _SAID.search(answer):
        raise ValidationError(
            {"answer": _("不对业户说“%(words)s”。先记待回电, 问清楚再答复") % {"words": said[1]}}
        )
