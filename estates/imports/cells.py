"""Reading single cells of an import; each refusal says what is wrong and what it should be."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from estates.manners import refuse_boss
from estates.models import Occupancy, Relation, Salutation
from estates.phones import clean_phone

NO_PHONE = "18999999999"  # what the layout's legend says to fill in where there is none
NO_ID = re.compile(r"1{15,18}|0+|无")

OCCUPANCIES = {
    "2001": Occupancy.OCCUPIED, "2002": Occupancy.VACANT_UNSOLD,
    "2003": Occupancy.VACANT_ACCEPTED, "2004": Occupancy.VACANT_ACCEPTED,
    "2005": Occupancy.VACANT_ACCEPTED, "2006": Occupancy.LET,
    "2007": Occupancy.VACANT_ACCEPTED, "2008": Occupancy.VACANT_ACCEPTED,
    "2009": Occupancy.VACANT_ACCEPTED,
    "已入住": Occupancy.OCCUPIED, "入住": Occupancy.OCCUPIED, "在住": Occupancy.OCCUPIED,
    "自住": Occupancy.OCCUPIED, "已出租": Occupancy.LET, "出租": Occupancy.LET,
    "已交房": Occupancy.VACANT_ACCEPTED, "未入住": Occupancy.VACANT_ACCEPTED,
    "已装修": Occupancy.VACANT_ACCEPTED, "装修中": Occupancy.VACANT_ACCEPTED,
    "空闲": Occupancy.VACANT_ACCEPTED, "空置": Occupancy.VACANT_ACCEPTED,
    "已收未住": Occupancy.VACANT_ACCEPTED, "已出售": Occupancy.VACANT_ACCEPTED,
    "未交付": Occupancy.VACANT_UNDELIVERED, "未交房": Occupancy.VACANT_UNDELIVERED,
    "未销售": Occupancy.VACANT_UNSOLD, "未售": Occupancy.VACANT_UNSOLD,
}  # fmt: skip
RELATIONS = {
    "": Relation.OWNER, "1001": Relation.OWNER, "1002": Relation.FAMILY,
    "1003": Relation.TENANT, "1004": Relation.OTHER,
    "业主": Relation.OWNER, "家庭成员": Relation.FAMILY, "家属": Relation.FAMILY,
    "房屋租客": Relation.TENANT, "租客": Relation.TENANT, "租户": Relation.TENANT,
    "临时人员": Relation.OTHER, "其他": Relation.OTHER, "其他使用人": Relation.OTHER,
}  # fmt: skip
_LOOKS_LIKE_DIGIT = {"O": "0", "o": "0", "I": "1", "l": "1"}
_CODE = re.compile(r"[0-9A-Za-z\u4e00-\u9fff]+(-[0-9A-Za-z\u4e00-\u9fff]+)*")


def refuse(message: str, **params) -> ValidationError:
    return ValidationError(message, params=params)


def code_part(text: str, *, label: str, ends: str, longest: int, shown: str = "") -> str:
    """A building, stair or room number without its unit word; letters among digits are refused."""
    code = re.sub(f"({ends})$", "", text.replace(" ", ""))
    for letter, digit in _LOOKS_LIKE_DIGIT.items():
        if re.search(f"[0-9]{letter}|{letter}[0-9]", code):
            raise refuse(
                _("%(label)s“%(text)s”里有字母 %(letter)s, 应为数字 %(digit)s"),
                label=label,
                text=shown or code,
                letter=letter,
                digit=digit,
            )
    if code and (len(code) > longest or not _CODE.fullmatch(code)):
        raise refuse(
            _("%(label)s“%(text)s”应为数字或字母, 最多 %(longest)s 个"),
            label=label,
            text=code[:30],
            longest=longest,
        )
    return code


def floor(text: str) -> int | None:
    """A floor such as 3, 3层, -1 or B1."""
    if not text:
        return None
    plain = re.sub(r"(层|楼|F)$", "", text.replace(" ", ""), flags=re.IGNORECASE)
    plain = re.sub(r"^[Bb](?=[0-9])", "-", plain)
    if not re.fullmatch(r"-?[0-9]{1,3}", plain):
        raise refuse(_("楼层“%(text)s”应为数字, 如 3 或 -1"), text=text[:20])
    return int(plain)


def area(text: str) -> Decimal | None:
    """Square metres with two decimals; 0 means unknown."""
    if not text:
        return None
    plain = re.sub(r"(平方米|平米|㎡|m2|m²)$", "", text.replace(",", "").replace(" ", ""))
    try:
        value = Decimal(plain)
    except InvalidOperation:
        value = None
    if value is None or not value.is_finite() or not 0 <= value < 100_000:
        raise refuse(_("建筑面积“%(text)s”应为平方米数, 如 94.56"), text=text[:20])
    return value.quantize(Decimal("0.01")) or None


def occupancy(text: str) -> str:
    """The state of a unit by code or word; "" when the file does not say."""
    if text and text not in OCCUPANCIES:
        raise refuse(
            _(
                "房屋状态“%(text)s”不认识。可填 2001 已入住、2002 未销售、2003 已交房、2006 已出租 等"
            ),
            text=text[:20],
        )
    return OCCUPANCIES[text] if text else ""


def day(text: str) -> date | None:
    """A date such as 2026-11-23 or 2026/11/23."""
    if not text:
        return None
    found = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?( .*)?", text)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else _no_day(text)
    except ValueError:
        return _no_day(text)


def _no_day(text):
    raise refuse(_("入住日期“%(text)s”应写成 2026-11-23"), text=text[:20])


def relation(text: str) -> str:
    if text not in RELATIONS:
        raise refuse(
            _(
                "业主类型“%(text)s”不认识。可填 1001 业主、1002 家庭成员、1003 房屋租客、1004 临时人员"
            ),
            text=text[:20],
        )
    return RELATIONS[text]


def salutation(sex: str) -> str:
    """MAN-2 and MAN-3: a man without a known position is 先生; a woman is 女士 unless known."""
    return {"男": Salutation.MR, "女": Salutation.MS}.get(sex, Salutation.UNKNOWN)


def phone(text: str) -> str:
    try:
        number = clean_phone(text)
    except ValidationError as error:
        raise refuse(
            _("手机号“%(text)s”不对: %(why)s"), text=text[:20], why=" ".join(error.messages)
        ) from None
    return "" if number == NO_PHONE else number


def id_number(text: str) -> str:
    compact = text.replace(" ", "").upper()
    if not compact or NO_ID.fullmatch(compact):
        return ""
    if compact.isdigit() and len(compact) not in (15, 18):
        raise refuse(
            _("身份证号“%(text)s”有 %(count)s 位, 应为 18 位(旧证 15 位)"),
            text=compact[:20],
            count=len(compact),
        )
    if not re.fullmatch(r"[0-9A-Z()-]{5,30}", compact):
        raise refuse(_("证件号“%(text)s”应为数字和字母"), text=compact[:20])
    return compact


def person_name(text: str) -> str:
    if len(text) > 60:
        raise refuse(_("业主名称太长(%(count)s 字), 最多 60 字"), count=len(text))
    refuse_boss(text)
    return text
