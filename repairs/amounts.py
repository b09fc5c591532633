"""Money as a Chinese receipt writes it: 壹佰贰拾叁元肆角伍分."""

from decimal import Decimal

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿")


def capitals(amount: Decimal) -> str:
    """The amount in yuan, not negative and below a trillion, in the capitals of a receipt."""
    cents = int((amount * 100).to_integral_value())
    yuan, (jiao, fen) = cents // 100, divmod(cents % 100, 10)
    whole = _whole(yuan) + "元" if yuan else ""
    if not jiao and not fen:
        return (whole or "零元") + "整"
    tail = f"{DIGITS[jiao]}角" if jiao else ("零" if whole else "")
    return whole + tail + (f"{DIGITS[fen]}分" if fen else "整")


def _whole(number: int) -> str:
    text, group, gap = "", 0, False
    while number:
        number, four = divmod(number, 10_000)
        if four:
            part = _four(four) + GROUPS[group]
            text = part + ("零" if gap and text else "") + text
            gap = four < 1_000
        elif text:
            gap = True
        group += 1
    return text


def _four(number: int) -> str:
    text, zero = "", False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit:
            text += ("零" if zero and text else "") + DIGITS[digit] + PLACES[place]
            zero = False
        else:
            zero = True
    return text
