"""Paper: four named parts, a page each, and the register of 25 lines."""

from decimal import Decimal

import pytest
from django.urls import reverse

from repairs.amounts import capitals
from repairs.models import Material, Repair
from repairs.statuses import Status

REGISTER = "/repairs/register/print/"


def slip_page(client, repair, **asked):
    return client.get(reverse("repairs:repair_print", args=[repair.pk]), asked)


@pytest.mark.clause("REP-2")
def test_slip_has_four_named_parts(as_, desk, crew, now):
    repair = crew.slip(Status.ACCEPTED, now=now, where="厨房")
    page = slip_page(as_(desk), repair).content.decode()
    assert page.count("a5-landscape") == 4
    for name in ("第一联", "第二联", "第三联", "第四联", "客服存根", "工程", "财务", "业户"):
        assert name in page
    for word in (
        repair.number,
        "3栋2单元1102",
        "13912341234",
        "厨房: 厨房水龙头漏水",
        "老马",
        "张敏",
    ):
        assert page.count(word) >= 4
    assert page.count('src="data:image/svg+xml') == 4


def test_slip_prints_only_the_parts_asked_for(as_, desk, crew, now):
    answer = slip_page(as_(desk), crew.slip(now=now), parts="engineering,nonsense")
    assert [part[0] for part in answer.context["parts"]] == ["engineering"]
    assert answer.content.decode().count("a5-landscape") == 1


def test_slip_shows_materials_and_the_sum_in_capitals(as_, desk, crew, now):
    repair = crew.slip(Status.FINISHED, now=now)
    Material.objects.create(
        repair=repair, name="阀芯", spec="4分", quantity="2", unit_price="15.50"
    )
    Repair.objects.filter(pk=repair.pk).update(labour_fee="30", material_fee="31")
    page = slip_page(as_(desk), repair, parts="finance").content.decode()
    assert "阀芯" in page
    assert "31.00" in page
    assert "陆拾壹元整" in page


def test_slip_before_the_work_leaves_the_fees_blank(as_, desk, crew, now):
    page = slip_page(as_(desk), crew.slip(now=now)).content.decode()
    assert "零元整" not in page


def test_slip_escapes_what_people_wrote(as_, desk, crew, now):
    repair = crew.slip(now=now, content="<img src=x onerror=alert(1)>")
    assert "<img src=x" not in slip_page(as_(desk), repair).content.decode()


def test_slips_selected_print_one_after_the_other(as_, desk, crew, outsider, now):
    repairs = [crew.slip(now=now) for _ in range(3)]
    url = reverse("repairs:slips_print")
    asked = {"pk": [repair.pk for repair in repairs] + ["x", "9" * 40], "parts": "stub"}
    assert as_(desk).get(url, asked).content.decode().count("a5-landscape") == 3
    assert as_(outsider).get(url, asked).context["slips"] == []


def test_slips_print_without_a_choice_goes_back_to_the_list(as_, desk):
    assert as_(desk).get(reverse("repairs:slips_print")).url == "/repairs/"


def test_slips_query_count_is_fixed(as_, desk, crew, now, django_assert_max_num_queries):
    repairs = [crew.slip(Status.FINISHED, now=now) for _ in range(3)]
    client, url = as_(desk), reverse("repairs:slips_print")
    with django_assert_max_num_queries(6) as one:
        client.get(url, {"pk": repairs[0].pk})
    with django_assert_max_num_queries(6) as three:
        client.get(url, {"pk": [repair.pk for repair in repairs]})
    assert len(one) == len(three)


def test_slip_follows_post_and_scope(as_, outsider, butler, crew, now):
    repair = crew.slip(now=now)
    assert slip_page(as_(outsider), repair).status_code == 404
    assert slip_page(as_(butler), repair).status_code == 403


def test_register_has_25_lines_a_page_oldest_first(as_, desk, crew, now):
    repairs = [crew.slip(now=now) for _ in range(27)]
    answer = as_(desk).get(REGISTER)
    pages = answer.context["pages"]
    assert [len(page) for page in pages] == [25, 2]
    assert [row.pk for page in pages for row in page] == [repair.pk for repair in repairs]
    page = answer.content.decode()
    assert page.count("a4-landscape") == 2
    assert '<td class="num">27</td>' in page
    assert "第 2 页, 共 2 页" in page


def test_register_uses_the_filters_of_the_list(as_, desk, crew, now):
    crew.slip(now=now)
    lamp = crew.slip(now=now, category="power", content="灯不亮")
    answer = as_(desk).get(REGISTER, {"category": "power"})
    assert answer.context["pages"] == [[lamp]]
    assert "电" in answer.context["words"]


def test_register_masks_phones_from_posts_that_may_not_reveal(as_, desk, dispatcher, crew, now):
    crew.slip(now=now)
    assert "13912341234" in as_(desk).get(REGISTER).content.decode()
    page = as_(dispatcher).get(REGISTER).content.decode()
    assert "13912341234" not in page
    assert "139****1234" in page


def test_register_hides_other_estates(as_, outsider, crew, now):
    crew.slip(now=now)
    assert as_(outsider).get(REGISTER, {"status": "all"}).context["pages"] == [[]]


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "零元整"), ("0.05", "伍分"), ("0.50", "伍角整"), ("10", "壹拾元整"), ("61", "陆拾壹元整"),
        ("105.06", "壹佰零伍元零陆分"), ("1000.10", "壹仟元壹角整"), ("10001", "壹万零壹元整"),
        ("10100", "壹万零壹佰元整"), ("20030400.56", "贰仟零叁万零肆佰元伍角陆分"),
        ("100000000", "壹亿元整"), ("100000001", "壹亿零壹元整"),
    ],
)  # fmt: skip
def test_capitals(amount, words):
    assert capitals(Decimal(amount)) == words
