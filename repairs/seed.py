"""The common phrases that every installation starts with: one key fills four fields."""

from pypinyin import Style, lazy_pinyin

from repairs.models import Category, Phrase, Priority

C, P = Category, Priority

# text, category, where, priority, is_incident
PHRASES = (
    ("厨房水龙头漏水", C.WATER, "厨房", P.NORMAL, False),
    ("厨房水龙头松动", C.WATER, "厨房", P.NORMAL, False),
    ("厨房下水堵塞", C.WATER, "厨房", P.NORMAL, False),
    ("卫生间下水堵塞", C.WATER, "卫生间", P.NORMAL, False),
    ("卫生间地漏返水", C.WATER, "卫生间", P.EMERGENCY, False),
    ("马桶漏水", C.WATER, "卫生间", P.NORMAL, False),
    ("马桶堵塞", C.WATER, "卫生间", P.NORMAL, False),
    ("天花板渗水", C.STRUCTURE, "", P.NORMAL, False),
    ("水管爆裂", C.WATER, "", P.EMERGENCY, True),
    ("家中停水", C.WATER, "", P.NORMAL, False),
    ("水压太低", C.WATER, "", P.NORMAL, False),
    ("家中停电", C.POWER, "", P.EMERGENCY, False),
    ("跳闸", C.POWER, "", P.NORMAL, False),
    ("插座没电", C.POWER, "", P.NORMAL, False),
    ("灯不亮", C.POWER, "", P.NORMAL, False),
    ("楼道灯不亮", C.POWER, "楼道", P.NORMAL, False),
    ("入户门锁坏", C.DOORS, "入户门", P.NORMAL, False),
    ("窗户关不上", C.DOORS, "", P.NORMAL, False),
    ("单元门禁失灵", C.FACILITY, "单元门", P.NORMAL, False),
    ("对讲机不响", C.FACILITY, "", P.NORMAL, False),
    ("电梯困人", C.FACILITY, "电梯", P.EMERGENCY, True),
    ("电梯停运", C.FACILITY, "电梯", P.EMERGENCY, False),
    ("电梯异响", C.FACILITY, "电梯", P.NORMAL, False),
    ("车库道闸故障", C.FACILITY, "车库", P.NORMAL, False),
    ("车库积水", C.FACILITY, "车库", P.EMERGENCY, False),
    ("外墙脱落", C.STRUCTURE, "外墙", P.EMERGENCY, True),
    ("墙面空鼓开裂", C.STRUCTURE, "", P.NORMAL, False),
    ("地砖松动", C.STRUCTURE, "", P.NORMAL, False),
    ("空调不制冷", C.OTHER, "", P.NORMAL, False),
    ("闻到燃气味", C.OTHER, "", P.EMERGENCY, True),
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
                initials=initials_of(text), is_incident=is_incident,
            )
            for text, category, where, priority, is_incident in PHRASES
            if text not in known
        ],
        ignore_conflicts=True,
    )  # fmt: skip
