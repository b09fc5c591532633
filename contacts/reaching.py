"""Reaching a resident who does not answer: one ladder for every call-back (VIS-5).

Another hour, the next day at ten, then a message; only after that may it be given up (forms 4.3,
screens W5). No message leaves this house by itself: the page gives the words, a person sends
them, and the record keeps that, when, by whom and which words.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from estates.models import Estate, Resident
from rulebook.limits import limit

CALL, MESSAGE, GIVE_UP = "call", "message", "give_up"
TOMORROW = 10  # o'clock of the next day: the try after the next one
LONGEST_MESSAGE = 500
# What a page or a phone says of a call, and how people say it.
OUTCOMES = {
    "answered": _("已答复"),
    "no_answer": _("没打通"),
    "message": _("没打通, 已发消息"),
    "give_up": _("未接通"),
    "unreachable": _("未接通"),
}
LEFT = gettext_noop("已留言")  # a message whose words a phone did not keep
LATE_ENTRY = timedelta(minutes=10)  # sent later than this after it happened: 补传


def step_after(tries: Sequence[str], *, now: datetime) -> str:
    """What the ladder asks for now; ``tries`` are the messages left, empty for a mere call."""
    needed = int(limit("repairs.callback_tries", at=now).value)
    if any(tries):
        return GIVE_UP
    return CALL if len(tries) < needed - 1 else MESSAGE


def must_be_over(tries: Sequence[str], *, now: datetime) -> None:
    """Raise ValidationError while the ladder has not been climbed to its end."""
    if step_after(tries, now=now) != GIVE_UP:
        raise ValidationError(_("先换个时段再打, 第二天再打, 再发一条消息; 都不通才能记“未接通”"))


def next_try(count: int, *, now: datetime) -> datetime:
    """When to try again after so many tries that did not get through."""
    if count == 1:
        return now + timedelta(seconds=limit("repairs.callback_retry", at=now).seconds)
    return timezone.localtime(now + timedelta(days=1)).replace(
        hour=TOMORROW, minute=0, second=0, microsecond=0
    )


def sent_words(words: str, *, kept: bool) -> str:
    """The message as it was sent; one that a phone kept is taken even without its words.

    Raises ValidationError for a message without words while somebody can still be asked.
    """
    words = words.strip()[:LONGEST_MESSAGE]
    if not words and not kept:
        raise ValidationError({"message": _("写发给业户的话")})
    return words or LEFT


def message_to(
    resident: Resident | None, name: str, *, about: str, estate: Estate,
    wish: str = "想听听您的意见",
) -> str:  # fmt: skip
    """The words to send, in Chinese, whatever language the desk works in.

    ``name``: whom it is for, where that is not the resident himself; ``about``: see ``told_on``.
    """
    back = f"请回电{estate.desk_phone}" if estate.desk_phone else "请回电客服中心"
    return (
        f"{addressed(resident, name)}您好, 这里是{estate.name}客服中心。关于{about}, {wish}, "
        f"几次致电没有接通。方便时{back}, 或直接回复本条消息。谢谢!"
    )


def addressed(resident: Resident | None, name: str) -> str:
    """How the message begins (MAN-1..3): the salutation, unless somebody else was named."""
    if resident and name in ("", resident.name):
        with translation.override("zh-hans"):
            return Resident.addressed.func(resident)  # anew: a page may have it in another language
    return name or "业户"


def told_on(moment: datetime, did: str, words: str, number: str = "") -> str:
    """您11月23日报修的“水龙头漏水”(WX20261123-0042): so that he knows what it is about."""
    local = timezone.localtime(moment)
    about = f"您{local.month}月{local.day}日{did}的{quoted(words)}"
    return f"{about}({number})" if number else about


def quoted(text: str) -> str:
    """A few of the resident's own words."""
    words = " ".join(text.split())
    return f"“{words[:20]}…”" if len(words) > 20 else f"“{words}”"


def late(happened_at: datetime | None, now: datetime) -> dict:
    """When it happened, where the record arrived later than a few minutes after it (补传)."""
    if happened_at is None or now - happened_at <= LATE_ENTRY:
        return {}
    return {"happened_at": timezone.localtime(happened_at).isoformat()}
