"""Twelve months of finished work, written in bulk with the rows that the real actions write.

Every ticket has its contact, caller, promise, follow-ups (kept or missed) and history, so lists,
timelines and on-time figures agree with each other.
"""

import random
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from accounts import posts
from accounts.models import Staff
from contacts.models import Contact, Outcome, Source
from estates.models import PublicPlace, Unit
from followups.kinds import all_kinds
from followups.models import FollowUp
from history.models import Entry
from repairs import followups as owed
from repairs.models import (
    CallbackMethod,
    CallbackResult,
    Caller,
    DayNumber,
    Material,
    Priority,
    Promise,
    Repair,
    Satisfaction,
)
from repairs.statuses import Status
from rulebook.limits import limits
from yamei.demo import bulk
from yamei.demo.faults import CANCEL_REASONS, HOME_FAULTS, PUBLIC_FAULTS, QUESTIONS, Fault
from yamei.demo.homes import Home

BATCH = 2000
LABOUR = (Decimal(0), Decimal(20), Decimal(30), Decimal(50))
# How many calls of a day fall into each hour, 0 to 23.
HOURS = (1, 1, 0, 0, 0, 1, 3, 8, 14, 13, 11, 9, 7, 7, 9, 9, 9, 10, 11, 10, 8, 6, 4, 2)


@dataclass
class Past:
    """One finished ticket before it has a number: what, where, and the moments of its life."""

    fault: Fault
    unit: Unit | None
    place: PublicPlace | None
    reported: datetime
    times: dict[str, datetime]
    result: str
    satisfaction: str
    cancelled: bool = False


class Writer:
    """Writes the past of one estate."""

    def __init__(self, home: Home, staff: dict[str, Staff], butlers: dict[int, Staff],
                 rng: random.Random, *, now: datetime):  # fmt: skip
        self.home, self.staff, self.butlers, self.rng, self.now = home, staff, butlers, rng, now
        self.titles = {kind.key: kind.title for kind in all_kinds()}
        self.limits = limits(*LIMITS, at=now)
        self.repair_type = ContentType.objects.get_for_model(Repair)
        self.homes = [unit for unit in home.units if unit.pk in home.people]

    def write(self, count: int, *, days: int = 365) -> int:
        """Write about ``count`` tickets over the last ``days``; returns how many it were."""
        today = timezone.localdate(self.now)
        span = [today - timedelta(days=back) for back in range(days - 1, -1, -1)]
        weights = [_busy(day) for day in span]
        shares = self.rng.choices(span, weights, k=count)
        pasts = [past for day in sorted(shares) if (past := self._invent(day))]
        pasts.sort(key=lambda past: past.reported)
        numbers: dict[date, int] = {}
        for start in range(0, len(pasts), BATCH):
            self._write_batch(pasts[start : start + BATCH], numbers)
        DayNumber.objects.bulk_create(
            DayNumber(estate=self.home.estate, day=day, last=last) for day, last in numbers.items()
        )
        return len(pasts)

    # --- inventing ------------------------------------------------------------------------
    def _invent(self, day: date) -> Past | None:
        rng = self.rng
        hour = rng.choices(range(24), HOURS)[0]
        reported = timezone.make_aware(
            datetime.combine(day, time(hour, rng.randrange(60), rng.randrange(60)))
        )
        unit = place = None
        if rng.random() < 0.78:
            unit = rng.choice(self.homes)
            fault = rng.choices(HOME_FAULTS, [fault.weight for fault in HOME_FAULTS])[0]
        else:
            place = rng.choice(self.home.places)
            fault = rng.choice(PUBLIC_FAULTS[place.kind])
        times = self._life(reported, fault)
        cancelled = rng.random() < 0.025
        if cancelled:
            times = {
                "dispatched": times["dispatched"],
                "closed": times["dispatched"] + _minutes(25),
            }
        if max(times.values()) > self.now - _minutes(20):
            return None
        result = CallbackResult.SOLVED if rng.random() < 0.975 else CallbackResult.UNREACHABLE
        satisfaction = ""
        if result == CallbackResult.SOLVED:
            satisfaction = rng.choices(
                (Satisfaction.SATISFIED, Satisfaction.FAIR, Satisfaction.DISSATISFIED), (90, 9, 1)
            )[0]
        return Past(fault, unit, place, reported, times, result, satisfaction, cancelled)

    def _life(self, reported, fault):
        rng = self.rng
        late = rng.random
        times = {
            "dispatched": reported
            + _minutes(rng.uniform(0.8, 4.4) if late() > 0.04 else rng.uniform(6, 14))
        }
        times["accepted"] = times["dispatched"] + _minutes(
            rng.uniform(0.4, 1.8) if late() > 0.06 else rng.uniform(6, 20)
        )
        times["assigned"] = times["accepted"] + _minutes(rng.uniform(0.5, 4))
        times["arrived"] = times["assigned"] + _minutes(
            rng.uniform(4, 9.5) if late() > 0.07 else rng.uniform(16, 50)
        )
        work = rng.uniform(10, 80) if late() > 0.05 else rng.uniform(26, 60) * 60
        times["finished"] = times["arrived"] + _minutes(work)
        times["returned"] = times["finished"] + _minutes(rng.uniform(5, 90))
        times["called_back"] = _daytime(times["returned"] + _minutes(rng.uniform(20, 400)), rng)
        times["closed"] = times["called_back"] + _minutes(rng.uniform(10, 300))
        return times

    # --- writing --------------------------------------------------------------------------
    def _write_batch(self, pasts: list[Past], numbers: dict[date, int]) -> None:
        contacts = Contact.objects.bulk_create([self._contact(past) for past in pasts])
        repairs = Repair.objects.bulk_create(
            [
                self._repair(past, contact, numbers)
                for past, contact in zip(pasts, contacts, strict=True)
            ]
        )
        rows = list(zip(pasts, contacts, repairs, strict=True))
        bulk.insert(
            Caller,
            (
                {
                    "repair_id": repair.pk, "contact_id": contact.pk, "is_first": True,
                    "attached_at": contact.closed_at, "answered_at": repair.called_back_at,
                    "answered_by_id": repair.called_back_by_id,
                }
                for _past, contact, repair in rows
            ),
        )  # fmt: skip
        bulk.insert(
            Promise,
            (
                {
                    "repair_id": repair.pk, "generation": 1, "promised_at": repair.promised_at,
                    "made_at": contact.closed_at, "made_by_id": repair.registered_by_id,
                }
                for _past, contact, repair in rows
            ),
        )  # fmt: skip
        bulk.insert(
            Material,
            (
                {
                    "repair_id": repair.pk, "name": past.fault.material[0],
                    "spec": past.fault.material[1], "quantity": 1,
                    "unit_price": past.fault.material[2],
                }
                for past, _contact, repair in rows
                if past.fault.material and not past.cancelled
            ),
        )  # fmt: skip
        bulk.insert(
            FollowUp, (row for past, _c, repair in rows for row in self._followups(past, repair))
        )
        bulk.insert(
            Entry,
            (row for past, contact, repair in rows for row in self._history(past, contact, repair)),
        )

    def _at_desk(self, moment: datetime) -> Staff:
        hour = timezone.localtime(moment).hour
        if hour >= 21 or hour < 8:
            return self.staff["night1"]
        return self.staff["desk1" if hour < 15 else "desk2"]

    def _contact(self, past: Past) -> Contact:
        people = self.home.people.get(past.unit.pk, []) if past.unit else []
        person = self.rng.choice(people) if people else None
        clerk = self._at_desk(past.reported)
        return Contact(
            estate=self.home.estate,
            client_key=uuid.UUID(int=self.rng.getrandbits(128), version=4),
            source=self.rng.choices(Source.values, (86, 1, 7, 4, 2))[0],
            started_at=past.reported,
            received_by=clerk,
            caller_name=person.name if person else "",
            phone=person.phone if person else "",
            resident=person,
            unit=past.unit,
            place=past.place,
            text=past.fault.content,
            outcome=Outcome.REPAIR,
            closed_at=past.reported + _minutes(0.6),
            closed_by=clerk,
        )

    def _repair(self, past: Past, contact: Contact, numbers: dict[date, int]) -> Repair:
        day = timezone.localdate(past.reported)
        numbers[day] = numbers.get(day, 0) + 1
        fault, times, staff = past.fault, past.times, self.staff
        repairer = staff[self.rng.choice(("repairer1", "repairer2"))]
        done = not past.cancelled
        butler = self.butlers.get((past.unit or past.place).building_id)
        labour = self.rng.choice(LABOUR) if past.unit and done else Decimal(0)
        caller = butler if past.unit and butler else contact.received_by
        promise = _promise(past.reported)
        appointment = None
        if fault.priority == Priority.APPOINTMENT and done:
            appointment = times["assigned"] + _minutes(30)
            promise = max(promise, appointment)
        repair = Repair(
            estate=self.home.estate,
            number=f"WX{day:%Y%m%d}-{numbers[day]:04d}",
            status=Status.ARCHIVED if done else Status.CANCELLED,
            version=9 if done else 3,
            source=contact.source,
            reported_at=past.reported,
            entered_at=contact.closed_at,
            unit=past.unit,
            place=past.place,
            where=fault.where,
            resident=contact.resident,
            contact_name=contact.caller_name,
            contact_phone=contact.phone,
            content=fault.content,
            category=fault.category,
            priority=fault.priority,
            appointment_at=appointment,
            promised_at=promise,
            is_paid=labour > 0,
            butler=butler,
            registered_by=contact.received_by,
            dispatched_at=times["dispatched"],
            dispatched_by=contact.received_by,
        )
        if not done:
            repair.cancel_reason = self.rng.choice(CANCEL_REASONS)
            return repair
        repair.accepted_at, repair.accepted_by = times["accepted"], staff["dispatcher"]
        repair.assigned_at, repair.assigned_by = times["assigned"], staff["dispatcher"]
        repair.repairer = repairer
        repair.arrived_at, repair.finished_at = times["arrived"], times["finished"]
        repair.cause, repair.work_done = fault.cause, fault.work
        repair.labour_fee = labour
        repair.material_fee = Decimal(fault.material[2]) if fault.material else Decimal(0)
        repair.resident_opinion = Satisfaction.SATISFIED if past.unit else ""
        repair.resident_signed = contact.caller_name if past.unit else ""
        repair.returned_at, repair.returned_by = times["returned"], staff["dispatcher"]
        repair.callback_result, repair.satisfaction = past.result, past.satisfaction
        repair.callback_method = CallbackMethod.PHONE
        repair.called_back_at, repair.called_back_by = times["called_back"], caller
        repair.archived_at, repair.archived_by = times["closed"], staff["desk1"]
        return repair

    def _followups(self, past: Past, repair: Repair) -> Iterable[dict]:
        times, staff = past.times, self.staff
        desk = repair.registered_by
        first = self._owed(past, repair, owed.DISPATCH, desk, desk.post, past.reported,
                           times["dispatched"], desk, "repairs.dispatch")  # fmt: skip
        accept = "repairs.accept_emergency" if repair.is_urgent else "repairs.accept"
        if past.cancelled:
            row = self._owed(past, repair, owed.ACCEPT, None, posts.ENG_DISPATCHER,
                             times["dispatched"], None, None, accept)  # fmt: skip
            row["cancelled_at"] = times["closed"]
            return [first, row]
        lead, fitter = staff["dispatcher"], repair.repairer
        arrive, arrive_from = "repairs.arrive", times["accepted"]
        if repair.is_urgent:
            arrive, arrive_from = "repairs.arrive_emergency", past.reported
        caller = repair.called_back_by
        return [
            first,
            self._owed(past, repair, owed.ACCEPT, None, posts.ENG_DISPATCHER, times["dispatched"],
                       times["accepted"], lead, accept),
            self._owed(past, repair, owed.ARRIVE, fitter, fitter.post, arrive_from,
                       times["arrived"], fitter, arrive, until=repair.appointment_at),
            self._owed(past, repair, owed.FINISH, fitter, fitter.post, past.reported,
                       times["finished"], fitter, "", until=repair.promised_at),
            self._owed(past, repair, owed.RETURN, lead, lead.post, times["finished"],
                       times["returned"], lead, "repairs.return"),
            self._owed(past, repair, owed.CALLBACK, caller, caller.post, times["returned"],
                       times["called_back"], caller, "repairs.callback"),
            self._owed(past, repair, owed.ARCHIVE, None, posts.FRONT_DESK, times["called_back"],
                       times["closed"], staff["desk1"], "repairs.archive"),
        ]  # fmt: skip

    def _owed(self, past, repair, kind, owner, post, start, done, by, key, *, until=None):
        limit = self.limits.get(key)
        due_at = until or start + timedelta(seconds=limit.seconds)
        due_at = max(due_at, start)
        label = repair.place_label
        return {
            "content_type_id": self.repair_type.pk,
            "object_id": repair.pk,
            "kind": kind,
            "title": self.titles[kind],
            "params": {"place": label, "what": repair.content[:40]},
            "url": f"{REPAIRS_URL}{repair.pk}/",
            "estate_id": self.home.estate.pk,
            "unit_id": past.unit.pk if past.unit else None,
            "place_label": label,
            "owner_id": owner.pk if owner else None,
            "owner_post": post,
            "started_at": start,
            "due_at": due_at,
            "urgent": repair.is_urgent,
            "limit_key": key,
            "limit_seconds": int((due_at - start).total_seconds()),
            "limit_version": limit.version if limit else 0,
            "done_at": done,
            "done_by_id": by.pk if by else None,
            "level": 1 if done and done > due_at else -1,
        }

    def _history(self, past: Past, contact: Contact, repair: Repair) -> Iterable[dict]:
        desk = repair.registered_by
        events = [
            ("repair.registered", contact.closed_at, desk, {}),
            ("repair.dispatched", repair.dispatched_at, desk, {}),
        ]
        if past.cancelled:
            reason = {"reason": repair.cancel_reason}
            events.append(("repair.cancelled", past.times["closed"], desk, reason))
        else:
            name = {"repairer": repair.repairer.name}
            events += [
                ("repair.accepted", repair.accepted_at, repair.accepted_by, {}),
                ("repair.assigned", repair.assigned_at, repair.assigned_by, name),
                ("repair.arrived", repair.arrived_at, repair.repairer, {}),
                ("repair.finished", repair.finished_at, repair.repairer, {"work_done": repair.work_done}),
                ("repair.returned", repair.returned_at, repair.returned_by, {}),
                ("repair.called_back", repair.called_back_at, repair.called_back_by,
                 {"result": repair.callback_result, "satisfaction": repair.satisfaction}),
                ("repair.archived", repair.archived_at, repair.archived_by, {}),
            ]  # fmt: skip
        for event, at, by, detail in events:
            yield {
                "subject_type": "repairs.repair", "subject_id": repair.pk,
                "subject_label": repair.number, "event": event, "at": at, "by_id": by.pk,
                "by_name": by.name, "detail": detail,
            }  # fmt: skip

    def write_questions(self, count: int) -> None:
        """Calls that were answered at once and became nothing else."""
        rows = []
        for _turn in range(count):
            started = self.now - timedelta(days=self.rng.uniform(0.1, 364))
            started = _daytime(started, self.rng)
            if started > self.now - _minutes(20):
                continue
            unit = self.rng.choice(self.homes)
            person = self.rng.choice(self.home.people[unit.pk])
            text, answer = self.rng.choice(QUESTIONS)
            clerk = self._at_desk(started)
            rows.append(
                Contact(
                    estate=self.home.estate, client_key=uuid.UUID(int=self.rng.getrandbits(128), version=4),
                    source=Source.PHONE, started_at=started, received_by=clerk, resident=person,
                    caller_name=person.name, phone=person.phone, unit=unit, text=text,
                    outcome=Outcome.ANSWERED, answer=answer, closed_at=started + _minutes(3),
                    closed_by=clerk,
                )
            )  # fmt: skip
        Contact.objects.bulk_create(rows, batch_size=BATCH)


LIMITS = (
    "repairs.dispatch", "repairs.accept", "repairs.accept_emergency", "repairs.arrive",
    "repairs.arrive_emergency", "repairs.return", "repairs.callback", "repairs.archive",
)  # fmt: skip
REPAIRS_URL = "/repairs/"


def _minutes(count: float) -> timedelta:
    return timedelta(seconds=int(count * 60))


def _busy(day: date) -> float:
    """More calls on Mondays and weekends, and in the cold and the rainy months."""
    return (1.25 if day.weekday() in (0, 5, 6) else 1.0) * (1.2 if day.month in (1, 7, 12) else 1.0)


def _daytime(moment: datetime, rng: random.Random) -> datetime:
    """The same moment, or the next morning when it falls into the night."""
    local = timezone.localtime(moment)
    if 9 <= local.hour < 20:
        return moment
    morning = local.replace(hour=9, minute=rng.randrange(60), second=rng.randrange(60))
    return morning if local.hour < 9 else morning + timedelta(days=1)


def _promise(reported: datetime) -> datetime:
    """Same day by 18:00; what comes after 16:00 is promised for the next day's noon."""
    local = timezone.localtime(reported)
    if local.hour < 16:
        return local.replace(hour=18, minute=0, second=0, microsecond=0)
    return (local + timedelta(days=1)).replace(hour=12, minute=0, second=0, microsecond=0)
