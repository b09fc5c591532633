"""Households, visits and call-backs by the real actions."""

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from complaints import actions as complaints
from contacts import actions as contacts
from estates.models import Unit
from visits import lots, occasions, plan
from visits.models import Topic, VisitKind


def add_units(building, count, *, occupied_on=None, first=1):
    """Occupied rooms of a building, numbered 0101, 0102 …"""
    return [
        Unit.objects.create(
            estate=building.estate, building=building, stair="1", room=f"{number:04}",
            code=f"{building.code}-1-{number:04}", occupied_on=occupied_on,
        )
        for number in range(first, first + count)
    ]  # fmt: skip


def plan_one(unit, butler, *, now, kind=VisitKind.ROUTINE, days=7):
    """A planned visit, due in so many days."""
    day = now.date() + timedelta(days=days)
    return plan.open_one(
        unit, kind=kind, period=f"test-{uuid4().hex[:8]}", butler=butler, planned_for=day,
        due_on=day, now=now,
    )  # fmt: skip


def helped(estate, *, by, at, unit=None, phone="13912341234", closed_by=None):
    """A contact that ended as 已协助."""
    contact = contacts.start(
        uuid4(), estate=estate, by=by, now=at, unit=unit, phone=phone, caller_name="王秀梅",
        text="电动车推不上坡",
    )  # fmt: skip
    contacts.finish(contact, outcome="helped", answer="已帮推", by=closed_by or by, now=at)
    contact.refresh_from_db()
    return contact


def owed_callback(estate, *, by, now, unit=None):
    """One call-back about help, drawn since all of one are drawn."""
    contact = helped(estate, by=by, at=now - timedelta(days=1), unit=unit)
    row = lots.draw(
        estate, Topic.HELP, period=uuid4().hex[:8], candidates=[occasions.of_help(contact)], now=now
    )
    return row.callbacks.get()


def picture_file(name="door.jpg", size=(800, 600), colour=(120, 140, 160)):
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def replied_complaint(estate, unit, *, desk, assistant, now, **fields):
    """A complaint that the assistant handled and answered; it waits for its call-back."""
    complaint = complaints.register(
        uuid4(), estate=estate, by=desk, now=now, unit=unit, content="快递柜占了消防通道",
        contact_name="王秀梅", contact_phone="13912341234", **fields,
    )  # fmt: skip
    complaints.accept(complaint, grade="minor", validity="valid", by=assistant, now=now)
    complaints.finish(complaint, measures="请快递公司移走", by=assistant, now=now)
    return complaints.reply(complaint, method="phone", words="已移走", by=assistant, now=now)
