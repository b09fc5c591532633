"""Keys, cards, mail, stored things and files to look at, entered as the desk enters them."""

from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import Staff
from estates.models import Estate, Residence
from registers.actions import archive, cards, keys, mail, records
from registers.models import AccessCard, ArchiveFile, Deposit, FilingPapers, KeyCustody, Mail

HOMES = 8


def fill(estate: Estate, staff: dict[str, Staff], *, now: datetime) -> int:
    """A few lines in each register of an estate, some of them on their way. Returns how many."""
    homes = list(
        Residence.objects.filter(unit__estate=estate, until=None, relation="owner")
        .select_related("unit__building", "unit__estate", "resident")
        .order_by("unit_id", "pk")[:HOMES]
    )
    if len(homes) < HOMES:
        return 0
    desk, superior = staff["desk1"], staff["assistant"]
    done = _keys(homes, desk, superior, now)
    done += _cards(homes, desk, now)
    done += _mail(homes, desk, now)
    done += _storage(homes, desk, now)
    done += _files(homes, desk, now)
    return done + _papers(homes, desk, now)


def _of(home: Residence) -> dict:
    return {"estate": home.unit.estate, "unit": home.unit}


def _keys(homes, desk, superior, now):
    made = [
        records.add(
            KeyCustody(
                **_of(home), owner_name=home.resident.name,
                owner_phone=home.resident.phone or "029-88881234", quantity=number % 2 + 1,
                label=f"K-{number + 1:02}", cabinet=f"甲{number + 1}", seal_number=f"F{1001 + number}",
                reason=("出国半年", "委托通风", "待出租")[number % 3], terms="凭业主电话确认",
                disclaimer_told=True, owner_signed=True,
            ),
            by=desk, now=now - timedelta(days=40 - number),
        )
        for number, home in enumerate(homes[:5])
    ]  # fmt: skip
    for key, asked_at in ((made[0], now - timedelta(days=4)), (made[1], now)):
        keys.ask_loan(
            key, borrower="老马", department="工程部", phone="13800001111", reason="查漏水, 要进屋",
            owner_contacted_at=asked_at - timedelta(minutes=10), owner_answer="同意, 完事锁门",
            by=desk, now=asked_at,
        )  # fmt: skip
    keys.approve_loan(made[0], by=superior, now=now - timedelta(days=4))
    keys.lend(made[0], by=desk, now=now - timedelta(days=4))
    return len(made)


def _cards(homes, desk, now):
    made = [
        records.add(
            AccessCard(**_of(home), holder=home.resident, card_number=f"C2026{number:03}",
                       kind=("entrance", "lift", "garage")[number % 3]),
            by=desk, now=now - timedelta(days=2),
        )
        for number, home in enumerate(homes[:6])
    ]  # fmt: skip
    for card in made[1:]:
        cards.check_room(card, room=card.unit.code, document="身份证", by=desk, now=now)
    for card in made[2:]:
        cards.issue(card, room=card.unit.code, signed_name=card.holder.name, by=desk, now=now)
    cards.report_lost(made[5], said="业主来电, 买菜时丢了", by=desk, now=now)
    return len(made)


def _mail(homes, desk, now):
    made = [
        records.add(
            Mail(**_of(home), recipient=home.resident.name, phone=home.resident.phone,
                 kind=("registered", "express", "parcel", "money_order")[number % 4],
                 tracking_number=f"XA{7700100 + number}", sent_from="西安"),
            by=desk, now=now - timedelta(minutes=100 - 25 * number),
        )
        for number, home in enumerate(homes[:4])
    ]  # fmt: skip
    mail.tell(made[1], told_how="phone", by=desk, now=now)
    mail.hold(made[2], consent_by=made[2].recipient, days=7, by=desk, now=now)
    return len(made)


def _storage(homes, desk, now):
    things = (
        ("雨伞", 2, "parcel", "架1", 4), ("行李箱", 1, "case", "架2", 1),
        ("儿童自行车", 1, "small", "后间", 32),
    )  # fmt: skip
    for home, (item, quantity, goods, place, days) in zip(homes, things, strict=False):
        records.add(
            Deposit(**_of(home), depositor=home.resident.name, phone=home.resident.phone or "110",
                    item=item, quantity=quantity, goods=goods, place=place, features="有姓名贴",
                    signed=True),
            by=desk, now=now - timedelta(days=days),
        )  # fmt: skip
    records.add(
        Deposit(estate=homes[0].unit.estate, depositor="保洁员", item="门禁卡套", occasion="found",
                place="抽屉", features="蓝色"),
        by=desk, now=now,
    )  # fmt: skip
    records.add(
        Deposit(**_of(homes[3]), depositor=homes[3].resident.name, item="金项链",
                goods="valuables", refusal="贵重物品请本人保管, 已说明"),
        by=desk, now=now,
    )  # fmt: skip
    return len(things) + 2


def _files(homes, desk, now):
    today = timezone.localdate(now)
    made = [
        records.add(
            ArchiveFile(**_of(home), volume="1", filed_on=today - timedelta(days=900),
                        keeper=desk.name, cabinet=f"D{number + 1}",
                        keep_until=today - timedelta(days=5) if number == 3 else None),
            by=desk, now=now,
        )
        for number, home in enumerate(homes[:4])
    ]  # fmt: skip
    for paper, title in (("notice", "入住通知书"), ("acceptance", "房屋验收记录")):
        archive.add_item(made[0], paper=paper, title=title, filed_on=today, by=desk, now=now)
    archive.lend(made[1], borrower="刘洋", reason="核对装修图", days=2, by=desk, now=now)
    archive.lend(made[2], borrower="陈会计", department="财务部", reason="年审", days=10,
                 by=desk, now=now)  # fmt: skip
    return len(made)


def _papers(homes, desk, now):
    """What residents signed today or yesterday, not yet on file; the second is late."""
    waiting = (
        (homes[4], "renovation", "装修申请表和图纸", 5), (homes[5], "owner", "业主登记表", 30),
    )  # fmt: skip
    for home, paper, title, hours in waiting:
        records.add(
            FilingPapers(**_of(home), paper=paper, title=title, brought_by=home.resident.name,
                         place="前台抽屉", formality_at=now - timedelta(hours=hours)),
            by=desk, now=now,
        )  # fmt: skip
    return len(waiting)
