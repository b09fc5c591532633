"""The demo: who works in it, who lives in it, and a year of work that agrees with itself."""

from itertools import pairwise

import pytest
from django.db.models import Count, F, Q
from django.utils import timezone

from accounts.models import Staff
from estates.models import Area, Estate, Resident, Unit
from followups.models import FollowUp
from history.models import Entry
from repairs.models import DayNumber, Photo, Promise, Repair
from repairs.statuses import CLOSED, Status
from yamei.demo.people import ACCOUNTS

NAMES = [
    "assistant", "butler1", "butler2", "butler3", "cashier", "desk1", "desk2", "dispatcher", "engmanager",
    "foreman", "gm", "manager", "night1", "outsider", "publicaffairs", "repairer1", "repairer2",
    "sysadmin",
]  # fmt: skip


@pytest.fixture
def seen(demo, db):
    """For tests that only look."""


def test_demo_makes_every_account_with_the_published_password(seen):
    staff = {person.username: person for person in Staff.objects.all()}
    assert sorted(staff) == NAMES == sorted(account.username for account in ACCOUNTS)
    assert all(person.check_password("yamei-demo") for person in staff.values())
    above = {name: person.superior and person.superior.username for name, person in staff.items()}
    assert above["butler1"] == above["cashier"] == above["desk1"] == "assistant"
    assert above["assistant"] == above["foreman"] == "manager"
    assert above["repairer1"] == "dispatcher"
    assert above["dispatcher"] == "engmanager"
    assert above["manager"] == above["engmanager"] == "gm"


def test_demo_estates_carry_the_mark_of_demo_data(seen):
    assert Estate.objects.count() == 2
    assert Estate.objects.filter(is_demo=True).count() == 2


def test_demo_has_three_thousand_residents_in_the_first_estate(seen):
    big = Estate.objects.get(name="亚美花园")
    assert Resident.objects.filter(estate=big).count() == 3000
    assert Unit.objects.filter(estate=big).count() > 1000
    wang = Resident.objects.get(estate=big, name="王秀梅", units__code="3-2-1102")
    assert wang.phone.endswith("1234")
    assert Unit.objects.filter(estate=big, code="32-1-102").exists()
    namesakes = Resident.objects.filter(estate=big, name="李伟").count()
    assert namesakes >= 2
    for surname in "曾单仇解查区":
        assert Resident.objects.filter(estate=big, name__startswith=surname).exists()


def test_demo_gives_every_building_of_the_first_estate_one_butler(seen):
    big = Estate.objects.get(name="亚美花园")
    assert Area.objects.filter(building__estate=big).count() == big.buildings.count()


def test_demo_outsider_sees_nothing_of_the_first_estate(seen):
    outsider = Staff.objects.get(username="outsider")
    for rows in (Repair.objects, Unit.objects, Resident.objects, FollowUp.objects):
        estates = set(rows.visible_to(outsider).values_list("estate__name", flat=True))
        assert estates == {"城南小区"}


def test_demo_shows_a_ticket_in_every_open_state_with_a_running_clock(seen):
    states = set(Repair.objects.open().values_list("status", flat=True))
    assert states == set(Status.values) - set(CLOSED)
    owed = FollowUp.objects.open().values("object_id")
    unwatched = Repair.objects.open().exclude(pk__in=owed).exclude(status=Status.CALLED_BACK)
    assert list(unwatched) == []
    assert FollowUp.objects.open().filter(alert_at__isnull=True, paused_at=None).count() == 0
    assert Photo.objects.count() == 1


def test_demo_past_goes_forward_in_time(seen):
    order = (
        "reported_at", "dispatched_at", "accepted_at", "assigned_at", "arrived_at", "finished_at",
        "returned_at", "called_back_at", "archived_at",
    )  # fmt: skip
    archived = Repair.objects.filter(status=Status.ARCHIVED)
    assert archived.count() > 300
    for earlier, later in pairwise(order):
        assert not archived.filter(
            Q(**{f"{later}__isnull": True}) | Q(**{f"{later}__lt": F(earlier)})
        ).exists()
    assert not archived.filter(archived_at__gt=timezone.now()).exists()


def test_demo_past_has_the_rows_that_the_actions_write(seen):
    archived = Repair.objects.filter(status=Status.ARCHIVED)
    without = archived.annotate(callers_=Count("callers", distinct=True)).exclude(callers_=1)
    assert not without.exists()
    assert Promise.objects.filter(repair__in=archived).count() == archived.count()
    about = FollowUp.objects.filter(content_type__model="repair", object_id__in=archived)
    assert about.count() == 7 * archived.count()
    assert not about.filter(done_at=None).exists()
    entries = Entry.objects.filter(subject_type="repairs.repair", subject_id__in=archived)
    assert entries.count() == 9 * archived.count()
    kept = [row.was_kept for row in about]
    assert 0.6 < sum(kept) / len(kept) < 1


def test_demo_numbers_of_a_day_have_no_gaps(seen):
    for row in DayNumber.objects.filter(series="WX"):
        taken = Repair.objects.filter(
            estate=row.estate_id, number__startswith=f"WX{row.day:%Y%m%d}-"
        ).values_list("number", flat=True)
        assert sorted(int(number[-4:]) for number in taken) == list(range(1, row.last + 1))
