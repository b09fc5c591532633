"""The page as people press it: nothing typed is lost, two sessions or one machine, the paper."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from incidents import actions as incident_actions
from shifts import actions
from shifts.models import Handover
from shifts.statuses import Status
from tests.conftest import at
from tests.shifts.conftest import COUNTED

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(time_machine, now):
    time_machine.move_to(now, tick=False)


@pytest.fixture
def page(as_, roster, desk):
    """``page()``: the outgoing shift's form as the browser would send it back."""

    def read():
        answer = as_(desk).get(reverse("shifts:close"), follow=True)
        html = answer.content.decode()
        seen = re.search(r'name="seen" value="([^"]*)"', html)[1]
        form = {"seen": seen, "carry": seen.split()}
        form |= {f"count-{code}": number for code, number in COUNTED.items()}
        return answer.request["PATH_INFO"], form, html

    return read


def test_h_leads_from_today_to_the_sheet(as_, roster, desk):
    html = as_(desk).get(reverse("desk:today")).content.decode()
    assert f'href="{reverse("shifts:close")}" data-key="H"' in html
    assert "张敏" in html.split('id="on-duty"')[1][:200]


@pytest.mark.clause("DUT-1", "DUT-4")
def test_a_blocked_handover_is_resolved_and_signed_on_one_machine(
    client, as_, page, desk, night, slip
):
    slip()
    url, form, html = page()
    assert "钱夜还没有到岗" in html
    blocked = client.post(url, form | {"events": "贴了停水通知"})
    assert blocked.status_code == 422
    assert "贴了停水通知" in blocked.content.decode()
    assert client.post(url, form | {"way": "arrived", "events": "贴了停水通知"}).status_code == 302
    url, form, html = page()
    assert "贴了停水通知" in html
    assert client.post(url, form | {"events": "贴了停水通知"}).status_code == 302
    here = reverse("shifts:handover_receive_here", args=[Handover.objects.get().pk])
    wrong = client.post(here, {"password": "desk1", "seen": ""})
    assert wrong.status_code == 422
    assert Handover.objects.get().status == Status.WAITING
    assert client.post(here, {"password": "night1", "seen": ""}).status_code == 302
    handover = Handover.objects.get()
    assert (handover.status, handover.received_here) == (Status.SIGNED, True)
    assert (handover.giver, handover.successor) == (desk, night)
    assert handover.events == "贴了停水通知"


def test_a_call_in_between_answers_409_and_keeps_what_was_typed(client, page, roster, slip, now):
    url, form, _html = page()
    client.post(url, form | {"way": "arrived"})
    repair = slip("刚来的", when=now)
    answer = client.post(url, form | {"events": "写了半天", "count-cash": "12"})
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "写了半天" in html
    assert 'value="12"' in html
    assert "is-new" in html.split(f'id="carry-repair:{repair.pk}"')[0][-200:]
    assert f'name="carry" value="repair:{repair.pk}" checked' in html


def test_an_unticked_item_without_reason_is_refused(client, page, slip):
    repair = slip()
    url, form, _html = page()
    client.post(url, form | {"way": "arrived"})
    answer = client.post(url, form | {"carry": []})
    assert answer.status_code == 422
    assert "勾掉的事项要写原因" in answer.content.decode()
    struck = {"carry": [], f"reason-repair:{repair.pk}": "业户取消"}
    assert client.post(url, form | struck).status_code == 302
    assert Handover.objects.get().items.get().struck == "业户取消"


def test_the_successor_signs_or_refuses_in_his_own_session(as_, roster, desk, night, given, now):
    handover = given(desk, night, now)
    client = as_(night)
    html = client.get(handover.get_absolute_url()).content.decode()
    assert reverse("shifts:handover_receive", args=[handover.pk]) in html
    assert reverse("shifts:handover_refuse", args=[handover.pk]) in html
    url = reverse("shifts:handover_start", args=[handover.pk])
    assert client.post(url).status_code == 302
    url = reverse("shifts:handover_refuse", args=[handover.pk])
    assert client.post(url, {"reason": "", "note": ""}).status_code == 422
    assert client.post(url, {"reason": "count", "note": "少一把"}).status_code == 302
    assert Handover.objects.get().refusal == "count"


def test_somebody_else_is_refused_in_words(as_, roster, desk, desk2, night, given, now):
    handover = given(desk, night, now)
    client = as_(desk2)
    answer = client.post(reverse("shifts:handover_receive", args=[handover.pk]), {"seen": ""})
    assert answer.status_code == 422
    assert "由钱夜接" in answer.content.decode()
    assert client.post(handover.get_absolute_url(), {"seen": ""}).status_code == 409


# forms.md 4.4, field by field: what stands on the paper, and where.
FIELDS = {
    "日期": ("day", "2026-11-23"),
    "班次": ("shift", "白班"),
    "交班人": ("giver", "张敏"),
    "接班人": ("successor", "钱夜"),
    "到岗时间": ("arrived", "2026-11-23 17:10"),
    "当班件数": ("figures", "报修 2"),
    "当班主要事项": ("events", "停水通知已贴"),
    "未完成事项": ("unfinished", "厨房漏水"),
    "领导交办事项": ("instructions", "巡查车库"),
    "重大事件": ("incidents", "2号电梯"),
    "钥匙数量": ("keys", "实点 0"),
    "功能卡数量": ("cards", "实点 0"),
    "寄存物品件数": ("storage", "实点 0"),
    "邮件件数": ("mail", "实点 0"),
    "现金余额": ("cash", "应有 0.00, 实点 0"),
    "票据余额": ("bills", "收据 1 本"),
    "设备用具": ("equipment", "对讲机 2 台"),
    "环境卫生": ("cleanliness", "已清洁"),
    "次日跟进情况": ("followed", "门禁"),
    "交班人签名时间": ("given", "张敏 2026-11-23 17:10"),
    "接班人签名时间": ("received", "钱夜 2026-11-23 17:10"),
    "备注": ("note", "无其他"),
}


@pytest.mark.clause("DUT-1")
def test_the_printed_sheet_holds_every_field_of_the_form(
    as_, roster, estate, manager, desk, night, slip, signed, now
):
    slip(), slip("门禁坏了")
    actions.instruct(
        estate, seat="desk", text="巡查车库", due_at=at("2026-11-24 12:00"), by=manager, now=now
    )
    incident_actions.raise_incident(
        estate=estate, category="lift", where="2号电梯", what="困人", by=night,
        now=at("2026-11-23 16:00"), client_key="5b2b2c5e-6f4e-4a43-9d0a-0f0f7f3f2b11",
    )  # fmt: skip
    handover = signed(
        desk, night, now, events="停水通知已贴", equipment="对讲机 2 台", cleanliness="已清洁",
        bills="收据 1 本", note="无其他",
    )  # fmt: skip
    actions.follow_item(handover.items.get(text__contains="门禁"), by=night, now=now)
    url = reverse("shifts:handover_print", args=[handover.pk])
    html = as_(desk).get(url).content.decode()
    wrong = []
    for label, (name, words) in FIELDS.items():
        cell = re.search(rf'<(t\w+)[^>]*data-field="{name}">(.*?)</\1>', html, re.DOTALL)
        text = re.sub(r"<[^>]+>", " ", cell[2]) if cell else ""
        if f">{label}<" not in html or words not in re.sub(r"\s+", " ", text):
            wrong.append((label, words, text.strip()[:80]))
    assert wrong == []
    assert "a4-portrait" in html
    unfinished = html.split('data-field="unfinished"')[1].split("</table>")[0]
    for head in ("单号", "内容", "下一步", "责任人", "期限"):
        assert f">{head}<" in unfinished


def test_an_incident_of_an_earlier_shift_is_on_the_paper_until_it_ends(
    as_, roster, estate, desk, night, signed, now
):
    incident_actions.raise_incident(
        estate=estate, category="outage", where="6栋", what="停电", by=night,
        now=at("2026-11-22 16:00"), client_key="5b2b2c5e-6f4e-4a43-9d0a-0f0f7f3f2b12",
    )  # fmt: skip
    handover = signed(desk, night, now)
    html = as_(desk).get(reverse("shifts:handover_print", args=[handover.pk])).content.decode()
    told = html.split('data-field="incidents"')[1].split("</td>")[0]
    assert "6栋 停电" in told
    assert "无" not in told


def test_a_draft_prints_as_it_stands(as_, page, desk, slip):
    slip("还没签就打印")
    url, _form, _html = page()
    assert "还没签就打印" in as_(desk).get(f"{url}print/").content.decode()


def test_the_manager_checks_a_signed_sheet(as_, roster, manager, desk, night, signed, now):
    handover = signed(desk, night, now)
    url = reverse("shifts:handover_check", args=[handover.pk])
    client = as_(manager)
    assert client.post(url, {"is_good": "0", "note": ""}).status_code == 422
    assert client.post(url, {"is_good": "1", "note": "清楚"}).status_code == 302
    assert "清楚" in client.get(handover.get_absolute_url()).content.decode()


def test_a_butler_hands_over_his_own_work(as_, roster, butler, butler2, slip, desk):
    client = as_(butler)
    answer = client.get(reverse("shifts:close"), follow=True)
    assert answer.status_code == 200
    handover = Handover.objects.get(owner=butler)
    assert "count-keys" not in answer.content.decode()
    assert as_(butler2).get(handover.get_absolute_url()).status_code == 404


@pytest.mark.clause("DUT-1", "DUT-3")
def test_an_incident_of_an_earlier_shift_prints_with_all_its_moments_on_the_next_sheet(
    as_, roster, estate, manager, desk, night, signed, now
):
    incident = incident_actions.raise_incident(
        estate=estate, category="lift", where="2号电梯", what="困人", by=manager,
        now=at("2026-11-23 16:00"), client_key=uuid4(),
    )  # fmt: skip
    signed(desk, night, now)
    handover = signed(night, desk, at("2026-11-24 08:10"))
    incident_actions.end(incident, by=manager, now=at("2026-11-24 09:00"))
    html = as_(desk).get(reverse("shifts:handover_print", args=[handover.pk])).content.decode()
    cell = re.search(r'data-field="incidents">(.*?)</td>', html, re.DOTALL)[1]
    words = (
        "时间 2026-11-23 16:00 内容 电梯困人 2号电梯 困人 上报时间 2026-11-23 16:00 上报人 周经理"
    )
    assert f"{words} (第 2 班)" in re.sub(r"\s+", " ", cell)


@pytest.mark.clause("DUT-4")
def test_a_refusal_without_words_is_said_at_its_field_and_stays_open(
    as_, roster, desk, night, given, now
):
    handover = given(desk, night, now)
    url = reverse("shifts:handover_refuse", args=[handover.pk])
    refused = as_(night).post(url, {"reason": "other", "note": ""})
    assert refused.status_code == 422
    assert refused.context["refuse_form"].errors == {"note": ["写明拒接原因"]}
    form = refused.content.decode().split("不接这一班")[0].rpartition("<details")[2]
    assert form.startswith(" open")
