"""Sample items for a new installation, without prices: those are the company's own (SRV-1)."""

from services.models import ServiceItem

# code, name, category, unit, paid, promised minutes
SAMPLES = (
    ("S01", "更换水龙头", "给排水", "个", True, 60),
    ("S02", "更换角阀软管", "给排水", "个", True, 60),
    ("S03", "疏通下水道", "给排水", "次", True, 60),
    ("S04", "马桶水箱维修", "给排水", "次", True, 60),
    ("E01", "更换灯具", "电气", "盏", True, 120),
    ("E02", "更换开关插座", "电气", "个", True, 60),
    ("E03", "户内线路检修", "电气", "次", True, 60),
    ("D01", "更换门锁", "门窗", "把", True, 120),
    ("D02", "门窗五金维修", "门窗", "次", True, 120),
    ("G01", "公共区域照明维修", "公共设施", "处", False, 60),
    ("G02", "公共区域给排水维修", "公共设施", "处", False, 60),
    ("G03", "电梯故障报修", "公共设施", "次", False, 30),
    ("H01", "水电气紧急关阀", "便民", "次", False, 15),
    ("H02", "代叫出租车", "便民", "次", False, 15),
    ("H03", "代收代转留言物品", "便民", "次", False, None),
    ("H04", "借用雨伞手推车", "便民", "次", False, None),
)


def seed_samples(**kwargs) -> None:
    """Put in the samples that are missing; what the company changed stays. Runs after migrate."""
    for code, name, category, unit, is_paid, minutes in SAMPLES:
        ServiceItem.objects.get_or_create(
            code=code,
            defaults={
                "name": name,
                "category": category,
                "unit": unit,
                "is_paid": is_paid,
                "promised_minutes": minutes,
                "note": "样例, 请按本公司核定",
            },
        )
