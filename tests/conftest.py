"""What every test knows: people and places, named as at work, and migrated databases to copy."""

import os
import shutil
import sqlite3
from contextlib import closing
from datetime import datetime
from functools import partial
from uuid import uuid4
from zoneinfo import ZoneInfo

import psycopg2
import pytest
from django.db import connection
from django.db.backends.signals import connection_created
from hypothesis import HealthCheck, settings

from accounts import posts
from accounts.models import Staff
from estates.models import Area, Building, Estate, Membership, Relation, Residence, Resident, Unit
from tests.migrated import postgres_database, seeded, sqlite_file

SHANGHAI = ZoneInfo("Asia/Shanghai")
POSTGRES = os.environ.get("TEST_DATABASE_URL") or os.environ.get("DATABASE_URL", "")
if not POSTGRES.startswith("postgres"):
    POSTGRES = "postgres://postgres@127.0.0.1:5432/postgres"
ADDRESS = POSTGRES.rsplit("/", 1)[0]
# How long an example takes says how busy the machine is, nothing about the code.
settings.register_profile("yamei", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("yamei")


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


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request, django_db_modify_db_settings_parallel_suffix):
    """The database of the tests begins as a copy of a migrated one."""
    if connection.vendor == "postgresql":
        server = request.getfixturevalue("postgres")
        connection.settings_dict["TEST"]["TEMPLATE"] = postgres_database(server, ADDRESS)
    else:
        file = sqlite_file()
        connection_created.connect(partial(begin_as_copy, file), weak=False)


def begin_as_copy(file, connection, **signal):
    """Fill the database in memory, when it is first opened."""
    if connection.vendor != "sqlite" or not connection.is_in_memory_db():
        return
    memory = connection.connection
    if memory.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,):
        with closing(sqlite3.connect(file)) as source:
            source.backup(memory)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory):
    """A migrated SQLite file without any people, to copy for an installation of one's own."""
    file = tmp_path_factory.mktemp("migrated") / "yamei.sqlite3"
    shutil.copy(sqlite_file(), file)
    seeded(f"sqlite:///{file}")
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return file


@pytest.fixture(scope="session")
def postgres():
    """A cursor on the PostgreSQL server of the tests; without one a skip, in CI a failure."""
    try:
        server = psycopg2.connect(POSTGRES, connect_timeout=5)
    except psycopg2.OperationalError as error:
        reason = f"PostgreSQL is not available: {str(error).strip()}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    server.autocommit = True
    with server.cursor() as cursor:
        yield cursor
    server.close()


@pytest.fixture(scope="session")
def postgres_template(postgres):
    """The name of a migrated PostgreSQL database without any people, to copy."""
    name = f"yamei_template_{uuid4().hex[:8]}"
    postgres.execute(f"CREATE DATABASE {name} TEMPLATE {postgres_database(postgres, ADDRESS)}")
    seeded(f"{ADDRESS}/{name}")
    yield name
    postgres.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def postgres_url(postgres, postgres_template):
    """The address of a migrated PostgreSQL database of the test's own."""
    name = f"yamei_own_{uuid4().hex[:8]}"
    postgres.execute(f"CREATE DATABASE {name} TEMPLATE {postgres_template}")
    yield f"{ADDRESS}/{name}"
    postgres.execute(f"DROP DATABASE {name} WITH (FORCE)")
