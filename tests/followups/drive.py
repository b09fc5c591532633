"""What the processes of test_processes.py do: ``python -m tests.followups.drive <verb> …``.

``fill N`` opens N dispatch clocks; ``scan MOMENT [GATE]`` waits for the file GATE
and scans once; ``crash MOMENT`` kills a forked scanner at every point of CRASHES, each on its own
copy of the database, lets the next one recover, and prints what each copy holds.
"""

# ruff: noqa: PLC0415, T201  (models can be imported only after django.setup; output is the answer)

import json
import os
import re
import shutil
import sys
import time
from collections import Counter
from copy import copy
from datetime import datetime, timedelta
from pathlib import Path

import django
from django.conf import settings
from django.db import connection, connections

# name → (before or after, statement, which time): the process dies there, as by kill -9.
CRASHES = {
    "after the claim": ("after", r'UPDATE "followups_followup" SET "claim"', 1),
    "in the middle of a batch": ("after", r"INSERT .*notifications_message", 1),
    "before the commit": ("after", r'UPDATE "followups_followup" SET .*"level" = ', 1),
    "after the commit": ("before", r'SELECT .*"followups_followup"."alert_at" <=', 3),
    "before the digest": ("before", r'INSERT INTO "notifications_digest"', 1),
    "before sending": ("after", r"""UPDATE "notifications_digest" SET "state" = 'sending'""", 1),
    "after sending, before the mark": (
        "before",
        r"""UPDATE "notifications_digest" SET "state" = 'sent'""",
        1,
    ),
}


def fill(count: int) -> None:
    """One owner, his lead, and ``count`` clocks that were opened ten minutes before NOW."""
    from accounts.models import Staff
    from estates.models import Building, Estate, Membership, Unit
    from followups.actions import open_followup
    from followups.models import FollowUp

    now = datetime.fromisoformat(os.environ["NOW"])
    estate = Estate.objects.create(name="亚美花园")
    building = Building.objects.create(estate=estate, code="3")
    lead = Staff.objects.create(
        username="lead", name="赵静", post="cs_assistant", email="lead@example.org"
    )
    owner = Staff.objects.create(
        username="desk", name="张敏", post="front_desk", email="desk@example.org", superior=lead
    )
    Membership.objects.bulk_create(Membership(staff=who, estate=estate) for who in (lead, owner))
    units = Unit.objects.bulk_create(
        Unit(estate=estate, building=building, room=str(n), code=f"3-{n:05}") for n in range(count)
    )
    first = open_followup(
        units[0],
        "sample.dispatch",
        now=now - timedelta(minutes=10),
        owner=owner,
        owner_post="front_desk",
        estate=estate,
        unit=units[0],
        params={"what": "漏水"},
        url="/repairs/1/",
        limit_key="repairs.dispatch",
    )
    others = []
    for unit in units[1:]:
        another = copy(first)
        another.pk, another.unit, another.object_id = None, unit, unit.pk
        others.append(another)
    FollowUp.objects.bulk_create(others)


def scan_once(moment: str, gate: str = "") -> None:
    from followups.scan import scan

    connection.ensure_connection()
    while gate and not Path(gate).exists():
        time.sleep(0.005)
    result = scan(datetime.fromisoformat(moment))
    print(json.dumps({"looked": result.looked, "told": result.told, "aside": len(result.aside)}))


def held() -> dict:
    """What a database holds: lines, double lines, digests by state, tries."""
    from notifications.models import Attempt, Digest, Message

    told = Counter(Message.objects.values_list("followup_id", "recipient_id"))
    return {
        "lines": sum(told.values()),
        "double": sum(1 for count in told.values() if count > 1),
        "digests": dict(Counter(Digest.objects.values_list("state", flat=True))),
        "tries": Attempt.objects.count(),
    }


def crash(moment: str) -> None:
    from notifications.ledger import deliver

    now = datetime.fromisoformat(moment)
    original = settings.DATABASES["default"]["NAME"]
    found = {}
    for number, (name, point) in enumerate(CRASHES.items()):
        path, mail = f"{original}.{number}", f"{settings.EMAIL_FILE_PATH}.{number}"
        connections.close_all()
        shutil.copy(original, path)
        settings.EMAIL_FILE_PATH = mail
        connections["default"].settings_dict["NAME"] = path
        died = _in_child(lambda point=point: _scan_until(now, *point))
        healed = _in_child(lambda: _scan_until(now + timedelta(minutes=1)))
        # A lease of the dead runs out after five minutes.
        _in_child(lambda: deliver(now + timedelta(minutes=7)))
        found[name] = held() | {"died": died, "healed": healed, "mails": len(os.listdir(mail))}
        connections.close_all()
    print(json.dumps(found))


def _in_child(work) -> int:
    connections.close_all()
    child = os.fork()
    if child == 0:
        work()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _scan_until(now: datetime, when: str = "", pattern: str = "", times: int = 0) -> None:
    from followups.scan import scan

    seen = 0

    def watch(execute, sql, params, many, context):
        nonlocal seen
        shown = sql % tuple(f"'{each}'" for each in params) if params else sql
        if not re.search(pattern, shown, re.DOTALL):
            return execute(sql, params, many, context)
        seen += 1
        if when == "after" and seen == times:
            execute(sql, params, many, context)
        if seen == times:
            os._exit(9)
        return execute(sql, params, many, context)

    if pattern:
        with connection.execute_wrapper(watch):
            scan(now)
    else:
        scan(now)


if __name__ == "__main__":
    django.setup()
    verb, *rest = sys.argv[1:]
    if verb == "fill":
        fill(int(rest[0]))
    else:
        {"scan": scan_once, "crash": crash, "held": lambda: print(json.dumps(held()))}[verb](*rest)
