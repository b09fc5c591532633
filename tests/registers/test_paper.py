"""The printed slips ask what the paper forms ask, in every state of the line."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest

from registers import cells
from registers.actions import keys
from registers.catalogue import BY_SLUG, REGISTERS
from rulebook.actions import change_number

EVERY = pytest.mark.parametrize("register", REGISTERS, ids=lambda register: register.slug)
# The lines of the paper forms, in this application's words.
FORMS = {
    "keys": "委托书编号 房号 业主姓名 电话 钥匙种类 数量 标签 柜位 封条号 托存原因 领取要求 已告知免责说明 "
            "业主已签委托书 经办人 备注 业主签名",
    "cards": "卡号 卡类型 房号 持卡人 与房屋关系 证件核对 数量 收的是 押金/工本费(元) 收据号 领取日期 领取人签名 "
             "发放人 核对人 状态 挂失日期 注销日期 退还押金(元) 退押金时间 退款人 押金领取人",
    "mail": "登记时间 邮件类型 单号 房号 收件人 寄件地 完好情况 接收人 通知时间 通知方式 领取时间 "
            "领取人签名 证件 送达人 退回日期 退回原因",
    "storage": "寄存牌号 登记时间 房号 寄存人 电话 物品名称 数量 特征 申报价值(元) 类别 存放位置 预计领取 "
               "寄存人签名 经办人 领取时间 领取人 证件 领取人签名 发放人",
    "archive": "房号 卷号 归档日期 保管人 柜位 密级 保存到",
    "papers": "房号 材料种类 内容 页数 办完手续时间 交件人 经办人 交件人签名 归档时间 归档人",
}  # fmt: skip
KEY_LOAN = ("借用时间 借用人 部门 电话 事由 数量 批准人 联系业主时间 业主答复 预计归还 归还时间 接收人 "
            "归还后封条号 备注 借用人签名")  # fmt: skip
FILE_LOAN = "借用时间 借用人 部门 事由 批准人 预计归还 归还时间 接收人 备注"


@pytest.fixture
def paper(as_, desk):
    """``paper(record)`` is the printed page of a line."""
    return lambda record: as_(desk).get(f"{record.get_absolute_url()}print/").content.decode()


def set_number(key, value, by, now):
    change_number(key, value=Decimal(value), note="本公司制度", seen_version=0, by=by, now=now)


@EVERY
def test_slip_asks_every_field_of_the_paper_form(register, records_of_all, paper):
    page = paper(records_of_all[register.slug])
    asked = FORMS[register.slug].split()
    missing = [words for words in asked if f">{words}<" not in page and f">{words} " not in page]
    assert missing == []


@pytest.mark.clause("KEY-1")
def test_key_slip_carries_its_loans_with_the_whole_chain(lent_key, paper):
    page = paper(lent_key)
    missing = [words for words in KEY_LOAN.split() if f"<dt>{words}</dt>" not in page]
    assert missing == []
    for said in ("老马", "13800001111", "查漏水", "同意进屋", "赵静"):
        assert f"<dd>{said}</dd>" in page


@pytest.mark.clause("ARC-1")
def test_file_slip_carries_its_loans(a_file, lend_file, paper):
    file = a_file()
    lend_file(file, department="财务部")
    page = paper(file)
    missing = [words for words in FILE_LOAN.split() if f"<dt>{words}</dt>" not in page]
    assert missing == []
    assert "<dd>财务部</dd>" in page


def test_slip_without_a_loan_has_no_loan_register(a_key, paper):
    assert "钥匙借用登记表" not in paper(a_key())


@EVERY
def test_slip_names_only_fields_that_exist(register):
    for name in register.slip:
        assert cells.heading(register, name)


def test_refused_thing_gets_no_tag(as_, desk, a_deposit):
    record = a_deposit(goods="cash", refusal="请自己保管")
    page = as_(desk).get(record.get_absolute_url()).content.decode()
    assert "打印寄存牌" not in page
    assert BY_SLUG["storage"].tag


@pytest.mark.clause("STO-1")
@pytest.mark.parametrize(
    ("parts", "said"),
    [(1, ["寄存联"]), (2, ["寄存联", "领取联"]), (3, ["寄存联", "领取联", "存根联"])],
)
def test_tag_has_the_rulebooks_number_of_parts(parts, said, a_deposit, paper, manager, now):
    set_number("storage.tag_parts", parts, manager, now)
    page = paper(a_deposit())
    assert re.findall(r'<section class="tag-part" aria-label="(\w+)"', page) == said


@pytest.mark.clause("KEY-1")
def test_key_papers_say_how_long_they_are_kept(a_key, paper, as_, desk, manager, now):
    set_number("keys.keep_records", 30, manager, now)
    key = a_key()
    assert "本委托书和借用记录保存 30 个月" in paper(key)
    keys.hand_back(key, to="王秀梅", document="身份证", by=desk, now=now + timedelta(days=1))
    until = "2029-05-24"
    assert f"本委托书和借用记录保存到 {until}" in paper(key)
    page = as_(desk).get(key.get_absolute_url()).content.decode()
    assert f"<dt>记录保存到</dt><dd>{until}</dd>" in page


@pytest.mark.clause("KEY-1")
def test_lost_key_is_kept_from_its_memo_on(a_key, paper, desk, assistant, now):
    key = a_key()
    keys.report_lost(key, reason="找不到", by=desk, now=now)
    assert "保存 24 个月" in paper(key)
    keys.settle(key, memo="业主同意换锁", by=assistant, now=now + timedelta(days=10))
    assert "保存到 2028-12-03" in paper(key)
