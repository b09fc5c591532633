"""People and places that every test knows: one fixture per post, named as people at work."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from accounts import posts
from accounts.models import Staff
from estates.models import Area, Building, Estate, Membership, Relation, Residence, Resident, Unit

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    """``at("2026-11-23 15:00")``: a moment in Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.fixture
def now():
    """Monday afternoon, 2026-11-23 15:00 in Shanghai."""
    return at("2026-11-23 15:00")


@pytest.fixture
def estate(db):
    return Estate.objects.create(name="亚美花园")


@pytest.fixture
def other_estate(db):
    return Estate.objects.create(name="城南小区")


def hire(username, name, post, *, superior=None, estates=()):
    """A staff member who works for the given estates; the password is the login name."""
    staff = Staff.objects.create_user(username, username, name=name, post=post, superior=superior)
    for place in estates:
        Membership.objects.create(staff=staff, estate=place)
    return staff


@pytest.fixture
def gm(estate):
    return hire("gm", "郑总", posts.GENERAL_MANAGER, estates=[estate])


@pytest.fixture
def manager(gm, estate):
    return hire("manager", "周经理", posts.CS_MANAGER, superior=gm, estates=[estate])


@pytest.fixture
def assistant(manager, estate):
    return hire("assistant", "赵静", posts.CS_ASSISTANT, superior=manager, estates=[estate])


@pytest.fixture
def desk(assistant, estate):
    return hire("desk1", "张敏", posts.FRONT_DESK, superior=assistant, estates=[estate])


@pytest.fixture
def desk2(assistant, estate):
    return hire("desk2", "李倩", posts.FRONT_DESK, superior=assistant, estates=[estate])


@pytest.fixture
def night(assistant, estate):
    return hire("night1", "钱夜", posts.NIGHT_DUTY, superior=assistant, estates=[estate])


@pytest.fixture
def butler(assistant, estate, building):
    staff = hire("butler1", "刘洋", posts.BUTLER, superior=assistant, estates=[estate])
    Area.objects.create(staff=staff, building=building)
    return staff


@pytest.fixture
def butler2(assistant, estate):
    return hire("butler2", "王倩", posts.BUTLER, superior=assistant, estates=[estate])


@pytest.fixture
def engmanager(gm, estate):
    return hire("engmanager", "孙工", posts.ENG_MANAGER, superior=gm, estates=[estate])


@pytest.fixture
def dispatcher(engmanager, estate):
    return hire("dispatcher", "老马", posts.ENG_DISPATCHER, superior=engmanager, estates=[estate])


@pytest.fixture
def repairer(dispatcher, estate):
    return hire("repairer1", "小孙", posts.REPAIRER, superior=dispatcher, estates=[estate])


@pytest.fixture
def repairer2(dispatcher, estate):
    return hire("repairer2", "小吴", posts.REPAIRER, superior=dispatcher, estates=[estate])


@pytest.fixture
def sysadmin(estate):
    return hire("sysadmin", "系统管理员", posts.SYSADMIN, estates=[estate])


@pytest.fixture
def outsider(other_estate):
    """A clerk of another estate; must never see anything of ``estate``."""
    return hire("outsider", "外人", posts.FRONT_DESK, estates=[other_estate])


@pytest.fixture
def building(estate):
    return Building.objects.create(estate=estate, code="3")


@pytest.fixture
def unit(estate, building):
    return Unit.objects.create(
        estate=estate, building=building, stair="2", floor=11, room="1102", code="3-2-1102"
    )


@pytest.fixture
def resident(estate, unit):
    person = Resident.objects.create(
        estate=estate, name="王秀梅", phone="13912341234", salutation="ms"
    )
    Residence.objects.create(resident=person, unit=unit, relation=Relation.OWNER)
    return person


@pytest.fixture
def as_(client):
    """``as_(desk)`` gives a client logged in as that person."""

    def log_in(staff):
        client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return log_in
