"""The common phrases that every installation starts with: one key fills four fields."""

from pypinyin import Style, lazy_pinyin

from incidents.models import Category as Incident
from repairs.models import Category, Phrase, Priority

C, P = Category, Priority

# text, category, where, priority, the major incident it is
PHRASES = (
    ("厨房水龙头漏水", C.WATER, "厨房", P.NORMAL, ""),
    ("厨房水龙头松动", C.WATER, "厨房", P.NORMAL, ""),
    ("厨房下水堵塞", C.WATER, "厨房", P.NORMAL, ""),
    ("卫生间下水堵塞", C.WATER, "卫生间", P.NORMAL, ""),
    ("卫生间地漏返水", C.WATER, "卫生间", P.EMERGENCY, ""),
    ("马桶漏水", C.WATER, "卫生间", P.NORMAL, ""),
    ("马桶堵塞", C.WATER, "卫生间", P.NORMAL, ""),
    ("天花板渗水", C.STRUCTURE, "", P.NORMAL, ""),
    ("水管爆裂", C.WATER, "", P.EMERGENCY, Incident.FLOOD),
    ("家中停水", C.WATER, "", P.NORMAL, ""),
    ("水压太低", C.WATER, "", P.NORMAL, ""),
    ("家中停电", C.POWER, "", P.EMERGENCY, ""),
    ("跳闸", C.POWER, "", P.NORMAL, ""),
    ("插座没电", C.POWER, "", P.NORMAL, ""),
    ("灯不亮", C.POWER, "", P.NORMAL, ""),
    ("楼道灯不亮", C.POWER, "楼道", P.NORMAL, ""),
    ("入户门锁坏", C.DOORS, "入户门", P.NORMAL, ""),
    ("窗户关不上", C.DOORS, "", P.NORMAL, ""),
    ("单元门禁失灵", C.FACILITY, "单元门", P.NORMAL, ""),
    ("对讲机不响", C.FACILITY, "", P.NORMAL, ""),
    ("电梯困人", C.FACILITY, "电梯", P.EMERGENCY, Incident.LIFT),
    ("电梯停运", C.FACILITY, "电梯", P.EMERGENCY, ""),
    ("电梯异响", C.FACILITY, "电梯", P.NORMAL, ""),
    ("车库道闸故障", C.FACILITY, "车库", P.NORMAL, ""),
    ("车库积水", C.FACILITY, "车库", P.EMERGENCY, ""),
    ("外墙脱落", C.STRUCTURE, "外墙", P.EMERGENCY, Incident.OTHER),
    ("墙面空鼓开裂", C.STRUCTURE, "", P.NORMAL, ""),
    ("地砖松动", C.STRUCTURE, "", P.NORMAL, ""),
    ("空调不制冷", C.OTHER, "", P.NORMAL, ""),
    ("闻到燃气味", C.OTHER, "", P.EMERGENCY, Incident.OTHER),
)


def initials_of(text: str) -> str:
    """First letters of the pinyin: 厨房水龙头漏水 → cfsltls."""
    return "".join(lazy_pinyin(text, style=Style.FIRST_LETTER)).lower()[:30]


def seed_phrases(sender=None, **kwargs) -> None:
    """Add what is missing by its text; what a manager changed or switched off stays so."""
    known = set(Phrase.objects.values_list("text", flat=True))
    Phrase.objects.bulk_create(
        [
            Phrase(
                text=text, category=category, where=where, priority=priority,
                initials=initials_of(text), incident_category=incident,
            )
            for text, category, where, priority, incident in PHRASES
            if text not in known
        ],
        ignore_conflicts=True,
    )  # fmt: skip
