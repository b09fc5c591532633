"""How staff may address residents (MAN-1 to MAN-4)."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from estates.models import Salutation
from estates.typed import half_width

# MAN-2 forbids 老板; MAN-4 forbids words of the familiar kind as a form of address.
_BOSS = ("老板", "老闆", "boss")
_FAMILIAR = ("亲爱的", "宝贝", "亲亲", "帅哥", "美女", "靓仔", "靓女", "老铁", "哥们", "大姐大")


def refuse_boss(text: str) -> str:
    """Return the text; ValidationError when it addresses somebody as 老板 (MAN-2)."""
    lowered = "".join(half_width(text).lower().split())
    if any(word in lowered for word in _BOSS):
        raise ValidationError(
            _("不称“老板”: 有职位称职位, 没有职位的男士称“先生”, 女士称“女士”(员工服务管理规程)"),
            code="boss",
        )
    return text


def refuse_familiar(text: str) -> str:
    """Return the text; ValidationError for 老板 and for over-familiar words (MAN-2, MAN-4)."""
    refuse_boss(text)
    for word in _FAMILIAR:
        if word in text:
            raise ValidationError(
                _("“%(word)s”过于亲近, 不能作称呼。写职位, 如 主任、教授"),
                code="familiar",
                params={"word": word},
            )
    return text


def check_salutation(*, salutation: str, position: str) -> None:
    """MAN-1: whoever is addressed by position has one; a known position is used.

    MAN-3 needs no check: 太太 is chosen by hand and only offered, 女士 is the default.
    """
    if salutation == Salutation.POSITION and not position:
        raise ValidationError({"position": _("按职位称呼时写明职位, 如 主任、教授")})
    if position and salutation == Salutation.MR:
        raise ValidationError(
            {"salutation": _("男士有职位时一律称职位: 称呼选“职位”, 或去掉职位(MAN-1)")}
        )
