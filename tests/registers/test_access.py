"""Every address of the registers, for every post and every register: a table."""

import pytest
from django.urls import get_resolver, reverse

from accounts import posts
from registers.catalogue import REGISTERS
from registers.models import ArchiveCheck, KeyCount, RegisterImport
from registers.verbs import APPROVE, ARCHIVE, DECIDE, KEEP, VERBS
from tests.conftest import hire

READERS = {
    posts.GENERAL_MANAGER, posts.CS_MANAGER, posts.CS_ASSISTANT, posts.BUTLER, posts.FRONT_DESK,
    posts.NIGHT_DUTY,
}  # fmt: skip
KEEPERS = {posts.CS_MANAGER, posts.CS_ASSISTANT, posts.FRONT_DESK, posts.NIGHT_DUTY}
ARCHIVISTS = KEEPERS - {posts.NIGHT_DUTY}
SUPERIORS = {posts.CS_MANAGER, posts.CS_ASSISTANT}
HOLDERS = {KEEP: KEEPERS, ARCHIVE: ARCHIVISTS, APPROVE: SUPERIORS, DECIDE: {posts.CS_MANAGER}}
# By register: who may open it.
READ = ("record_list", "record_detail")
WRITE = ("record_add", "record_change", "record_print")
IMPORT = ("import", "import_template", "import_detail", "import_bad_rows")
ONE = {"record_detail", "record_change", "record_print"}


@pytest.fixture(params=[post.code for post in posts.POSTS])
def colleague(request, estate, building):
    staff = hire("somebody", "某人", request.param, estates=[estate])
    if request.param == posts.BUTLER:
        building.area = None
        staff.areas.create(building_id=building.pk)
    return staff


def kept_by(register):
    return ARCHIVISTS if register.slug == "archive" else KEEPERS


@pytest.fixture
def batches(records_of_all, estate, desk, now):
    return {
        slug: RegisterImport.objects.create(estate=estate, slug=slug, by=desk, created_at=now)
        for slug in records_of_all
    }


def test_every_post_opens_exactly_what_its_work_needs(as_, colleague, records_of_all, batches):
    client, post = as_(colleague), colleague.post
    wrong = []

    def ask(name, slug, allowed, *args):
        status = client.get(reverse(f"registers:{name}", args=[slug, *args])).status_code
        if status != (200 if post in allowed else 403):
            wrong.append((name, slug, status))

    for register in REGISTERS:
        slug, pk = register.slug, records_of_all[register.slug].pk
        for name in READ:
            ask(name, slug, READERS, *([pk] if name in ONE else []))
        for name in WRITE:
            ask(name, slug, kept_by(register), *([pk] if name in ONE else []))
        ask("record_export", slug, KEEPERS)
        for name in IMPORT:
            ask(
                name,
                slug,
                SUPERIORS,
                *([batches[slug].pk] if "_detail" in name or "_bad" in name else []),
            )
        for verb in VERBS:
            if verb.slug == slug:
                ask("record_act", slug, HOLDERS[verb.permission], pk, verb.key)
    assert wrong == []


def test_every_post_is_refused_to_write_what_is_not_its_work(
    as_, colleague, records_of_all, batches
):
    client, post = as_(colleague), colleague.post
    count = KeyCount.objects.create(estate=records_of_all["keys"].estate, month="2026-11-01")
    statuses = {}
    for register in REGISTERS:
        slug = register.slug
        statuses["add", slug] = post in kept_by(register), client.post(f"/registers/{slug}/add/")
        start = f"/registers/{slug}/import/{batches[slug].pk}/discard/"
        statuses["discard", slug] = post in SUPERIORS, client.post(start)
    check = ArchiveCheck.objects.create(estate=count.estate, month="2026-11-01")
    for counted, page, allowed in ((count, "key_count", KEEPERS),
                                   (check, "archive_check", ARCHIVISTS)):  # fmt: skip
        url = reverse(f"registers:{page}", args=[counted.pk])
        statuses[page] = post in allowed, client.get(url)
        statuses[page, "settle"] = post in SUPERIORS, client.post(f"{url}settle/")
        statuses[page, "list"] = post in allowed, client.get(reverse(f"registers:{page}_list"))
    statuses["first"] = post in READERS, client.get("/registers/")
    wrong = {
        key: answer.status_code
        for key, (allowed, answer) in statuses.items()
        if (answer.status_code == 403) is allowed
    }
    assert wrong == {}


@pytest.mark.parametrize("register", REGISTERS, ids=lambda register: register.slug)
def test_other_estates_see_nothing(as_, outsider, records_of_all, batches, register):
    client, record = as_(outsider), records_of_all[register.slug]
    page = client.get(f"/registers/{register.slug}/?state=all").content.decode()
    assert record.number not in page
    for path in ("", "change/", "print/"):
        assert client.get(f"{record.get_absolute_url()}{path}").status_code == 404
    for verb in VERBS:
        if verb.slug == register.slug and verb.permission in (KEEP, ARCHIVE):
            assert client.post(f"{record.get_absolute_url()}{verb.key}/").status_code == 404
    record.refresh_from_db()
    assert record.version == 1


def test_counts_and_imports_of_other_estates_are_not_found(as_, estate, other_estate, batches):
    stranger = hire("boss2", "外经理", posts.CS_MANAGER, estates=[other_estate])
    client = as_(stranger)
    for model in (KeyCount, ArchiveCheck):
        count = model.objects.create(estate=estate, month="2026-11-01")
        assert client.get(count.get_absolute_url()).status_code == 404
    for batch in batches.values():
        for path in ("", "bad-rows/"):
            assert client.get(f"{batch.get_absolute_url()}{path}").status_code == 404
        for path in ("start/", "discard/", "undo/"):
            assert client.post(f"{batch.get_absolute_url()}{path}").status_code == 404


def test_butler_sees_only_the_area(as_, butler, butler2, records_of_all):
    record = records_of_all["keys"]
    assert as_(butler).get(record.get_absolute_url()).status_code == 200
    assert as_(butler2).get(record.get_absolute_url()).status_code == 404


def test_unknown_register_and_step_are_not_found(as_, desk, records_of_all):
    client = as_(desk)
    assert client.get("/registers/parcels/").status_code == 404
    assert client.get(f"{records_of_all['keys'].get_absolute_url()}explode/").status_code == 404


def test_table_names_every_address():
    names = {
        pattern.name
        for resolver in get_resolver().url_patterns
        if getattr(resolver, "namespace", None) == "registers"
        for pattern in resolver.url_patterns
    }
    assert names == {
        "register_list", "record_export", "record_act", "key_count_list", "key_count",
        "key_count_settle", "archive_check_list", "archive_check", "archive_check_settle",
        "import_start", "import_discard", "import_undo", *READ, *WRITE, *IMPORT,
    }  # fmt: skip
