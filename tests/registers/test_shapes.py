"""What must hold for every register alike: constraints, scope, numbers, the list's queries."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from history.models import Entry
from registers.actions import records
from registers.catalogue import REGISTERS
from registers.models import Custody, KeyLoan, Record
from registers.models.archive import ArchiveLoan
from registers.verbs import VERBS

EVERY = pytest.mark.parametrize("register", REGISTERS, ids=lambda register: register.slug)


def names_of(model):
    return {constraint.name for constraint in model._meta.constraints}


@EVERY
def test_table_has_the_constraints_of_its_shape(register):
    model, name = register.model, register.model._meta.model_name
    assert issubclass(model, Record)
    assert f"{name}_number_in_estate" in names_of(model)
    assert (f"{name}_returned_to_someone" in names_of(model)) is issubclass(model, Custody)


@pytest.mark.parametrize("loan", [KeyLoan, ArchiveLoan])
def test_loans_have_the_constraints_of_their_shape(loan):
    name = loan._meta.model_name
    assert {
        f"{name}_approved_by_someone", f"{name}_lent_by_someone", f"{name}_received_by_someone",
    } <= names_of(loan)  # fmt: skip


@EVERY
def test_database_refuses_the_same_number_twice(register, records_of_all):
    record = records_of_all[register.slug]
    twin = register.model.objects.get(pk=record.pk)
    twin.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)


@pytest.mark.parametrize(
    "register", [r for r in REGISTERS if issubclass(r.model, Custody)], ids=lambda r: r.slug
)
def test_database_refuses_a_hand_back_to_nobody(register, records_of_all, now, desk):
    rows = register.model.objects.filter(pk=records_of_all[register.slug].pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(handed_back_at=now, handed_back_by=desk)


@EVERY
def test_catalogue_names_fields_that_exist(register):
    known = {field.name for field in register.model._meta.get_fields()}
    assert set(register.fields) | set(register.columns) | set(register.corrected) <= known
    assert set(register.corrected) <= set(register.fields)
    statuses = {key for key, _label in register.statuses}
    assert set(register.model.OPEN) < statuses
    for verb in VERBS:
        if verb.slug == register.slug:
            assert set(verb.statuses) <= statuses


@EVERY
def test_open_states_are_those_that_a_verb_can_leave(register):
    over = {key for key, _label in register.statuses} - set(register.model.OPEN)
    for verb in VERBS:
        if verb.slug == register.slug:
            assert not set(verb.statuses) & over


@EVERY
def test_list_of_three_costs_what_a_list_of_one_costs(register, records_of_all, as_, desk):
    client, url = as_(desk), reverse("registers:record_list", args=[register.slug])
    client.get(url)  # a process looks each content type up once
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    record = records_of_all[register.slug]
    for number in (2, 3):
        twin = register.model.objects.get(pk=record.pk)
        twin.pk, twin.number = None, f"X-{number}"
        for field in ("label", "card_number", "tracking_number", "volume"):
            if hasattr(twin, field):
                setattr(twin, field, f"X{number}")
        twin.save(force_insert=True)
    with CaptureQueriesContext(connection) as three:
        page = client.get(url).content.decode()
    assert page.count(f"/registers/{register.slug}/{record.pk}/") == 1
    assert len(three) == len(one) <= 8


@EVERY
def test_same_values_again_change_nothing(register, records_of_all, desk, now):
    record = records_of_all[register.slug]
    records.change(record, {"note": record.note}, seen=1, by=desk, now=now)
    record.refresh_from_db()
    assert record.version == 1
    assert Entry.objects.about(record).count() == 1


@EVERY
def test_correction_says_what_changed_and_an_older_page_is_refused(
    register, records_of_all, desk, desk2, now
):
    record = records_of_all[register.slug]
    mine = register.model.objects.get(pk=record.pk)
    records.change(record, {"note": "换了柜"}, seen=1, by=desk, now=now)
    assert record.version == 2
    assert Entry.objects.about(record).first().detail["changes"] == "备注 – → 换了柜"
    with pytest.raises(ValidationError, match="张敏") as refused:
        records.change(mine, {"note": "别的"}, seen=1, by=desk2, now=now)
    assert refused.value.code == "stale"


@EVERY
def test_every_field_has_a_name(register):
    for field in register.model._meta.concrete_fields:
        if field.name != "id":
            assert field.verbose_name != field.name.replace("_", " ")
        assert isinstance(field, models.Field)
