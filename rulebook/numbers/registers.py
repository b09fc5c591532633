"""Keys, cards, special mail, storage and the archive."""

from django.utils.translation import gettext_lazy as _

from rulebook.numbers.row import (
    COUNT,
    DAYS,
    FAMILY,
    HOURS,
    JUDGEMENT,
    MINUTES,
    MONTH_DAYS,
    MONTHS,
    SIMILAR,
    row,
)

KEYS = "keys"
STORAGE = "storage"
ARCHIVE = "archive"

# fmt: off
NUMBERS = (
    row("keys.copies", _("托管钥匙委托书份数"), 2, COUNT, (1, 6), FAMILY,
        _("同系列钥匙委托程序:一式两份"), "KEY-1", sop=KEYS),
    row("keys.sign", _("收下钥匙后多久内签好委托书"), 30, MINUTES, (5, 1440), JUDGEMENT,
        _("未见出处;打印后业主当场签"), "KEY-1", sop=KEYS),
    row("keys.loan", _("钥匙借出后催还"), 3, DAYS, (1, 30), SIMILAR,
        _("同类钥匙委托手册:三天未还即电话催还"), "KEY-1", sop=KEYS),
    row("keys.approve", _("借用钥匙的申请多久内批复"), 30, MINUTES, (5, 1440), JUDGEMENT,
        _("未见出处;借钥匙的人在等"), "KEY-1", sop=KEYS),
    row("keys.settle", _("钥匙丢失或盘点不符多久内处理"), 1, DAYS, (1, 30), JUDGEMENT,
        _("未见出处"), "KEY-1", sop=KEYS),
    row("keys.keep_records", _("钥匙记录保存"), 24, MONTHS, (1, 120), SIMILAR,
        _("同类钥匙管理规程:两年"), "KEY-1", sop=KEYS),
    row("keys.stock_count", _("每月钥匙盘点截止日"), 28, MONTH_DAYS, (1, 31), SIMILAR,
        _("同类规程:每月盘点;日期为判断"), "KEY-1", sop=KEYS),
    row("cards.per_household", _("每户功能卡张数"), 3, COUNT, (1, 20), JUDGEMENT,
        _("未见出处;超出的收工本费"), "CRD-1"),
    row("cards.block", _("挂失后在系统停用"), 5, MINUTES, (1, 120), JUDGEMENT,
        _("未见出处;挂失即停用"), "CRD-1"),
    row("cards.refund", _("收回卡后多久内退押金"), 1, DAYS, (1, 30), JUDGEMENT,
        _("未见出处"), "CRD-1"),
    row("mail.deliver", _("特殊邮件送达业户"), 2, HOURS, (1, 72), SIMILAR,
        _("同类邮件规定:即时联系,两小时内送到"), "MAI-1"),
    row("mail.hold", _("特殊邮件经同意代存最长"), 30, DAYS, (1, 180), SIMILAR,
        _("同类邮件规定:最多三十天,之后退回"), "MAI-1"),
    row("storage.sign", _("收下寄存物品后多久内签好寄存牌"), 30, MINUTES, (5, 1440), JUDGEMENT,
        _("未见出处;打印后寄存人当场签"), "STO-1", sop=STORAGE),
    row("storage.remind", _("寄存多久后开始催领"), 3, DAYS, (1, 30), JUDGEMENT,
        _("未见出处;逾期每天提醒"), "STO-1", sop=STORAGE),
    row("storage.remind_every", _("逾期寄存重复催领间隔"), 1, DAYS, (1, 30), JUDGEMENT,
        _("未见出处"), "STO-1", sop=STORAGE),
    row("storage.decide", _("寄存多久后由经理决定处理"), 30, DAYS, (3, 180), JUDGEMENT,
        _("未见出处;比照代存邮件三十天"), "STO-1", sop=STORAGE),
    row("storage.tag_parts", _("寄存牌联数"), 2, COUNT, (1, 4), FAMILY,
        _("同系列寄存规程:两联寄存牌"), "STO-1", sop=STORAGE),
    row("archive.enter", _("办完手续后录入档案"), 24, HOURS, (1, 168), SIMILAR,
        _("同类业主档案制度:一天内录入"), "ARC-1", sop=ARCHIVE),
    row("archive.loan", _("档案借阅最长"), 3, DAYS, (1, 30), SIMILAR,
        _("同类档案规程:三天,再长须经理批准"), "ARC-1", sop=ARCHIVE),
    row("archive.approve", _("档案长借和销毁多久内批复"), 1, DAYS, (1, 30), JUDGEMENT,
        _("未见出处"), "ARC-1", sop=ARCHIVE),
    row("archive.expired", _("保存期满的档案多久内续存或申请销毁"), 30, DAYS, (1, 365), JUDGEMENT,
        _("未见出处"), "ARC-1", sop=ARCHIVE),
    row("archive.settle", _("档案清点不符多久内处理"), 1, DAYS, (1, 30), JUDGEMENT,
        _("未见出处;比照钥匙盘点"), "ARC-1", sop=ARCHIVE),
    row("archive.tidy", _("每月整理备份档案截止日"), 28, MONTH_DAYS, (1, 31), SIMILAR,
        _("同类档案规程:每月整理、备份;日期为判断"), "ARC-1", sop=ARCHIVE),
)
# fmt: on
