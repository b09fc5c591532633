"""What waited on a phone until the record was over, told in the reader's words (W5)."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from contacts.reaching import OUTCOMES as CALL_OUTCOMES
from estates.models import Resident
from history.lines import Line, Telling, label_in
from history.models import Entry
from repairs.models import Satisfaction
from visits.actions.recording import OUTCOMES
from visits.models import CallMethod, Department

PRIVATE = ("new_name", "new_phone", "new_note")  # only for who may reveal a resident's data
WORDS = {**dict(OUTCOMES), **CALL_OUTCOMES, **dict(Satisfaction.choices)}


def _person(value: str) -> str:
    """The name; what a phone sent raw has the number of its choice instead."""
    if not value.isdecimal():
        return value
    name = Resident.objects.filter(pk=value).values_list("name", flat=True).first()
    return name or value


TELLING = Telling(
    events={},
    told=(
        ("outcome", ""),
        ("satisfaction", ""),
        ("refusal", _("拒访原因")),
        ("new_date", _("改约日期")),
        ("resident_name", _("受访业户")),
        ("resident", _("受访业户")),
        ("companions", _("陪同人")),
        ("content", _("走访内容")),
        ("quality", _("质量评价")),
        ("effect", _("服务效果评价")),
        ("weak_points", _("缺点与不足")),
        ("suggestion", _("业户建议")),
        ("answer", _("说了什么")),
        ("note", _("备注")),
        ("message", _("已发消息")),
        ("measure", _("处理措施")),
        ("department", _("责任部门")),
        ("finish_by", _("完成时限")),
        ("method", _("回访方式")),
        ("signed", _("业户签名")),
        ("new_name", _("姓名改为")),
        ("new_phone", _("电话改为")),
        ("new_note", _("备注改为")),
        ("took_place_at", _("实际时间")),
    ),
    moments=(("happened_at", _("补传, 当时")),),
    readings={
        "outcome": lambda value: WORDS.get(value, value),
        "satisfaction": label_in(Satisfaction),
        "method": label_in(CallMethod),
        "department": label_in(Department),
        "resident": _person,
    },
    remarks=(),
)


def lines_of(entries: Iterable[Entry]) -> list[Line]:
    """Late call-backs as lines, in their order."""
    return TELLING.lines_of(entries)


def words_of(detail: dict[str, Any], *, may_reveal: bool) -> str:
    """A late visit in one line; changes of a resident's data only for who may see them."""
    if "resident_name" in detail:
        detail = {name: value for name, value in detail.items() if name != "resident"}
    if not may_reveal:
        detail = {name: value for name, value in detail.items() if name not in PRIVATE}
    return TELLING.words_of(detail)
