"""Every address of the incidents, for every post."""

from uuid import uuid4

import pytest
from django.urls import get_resolver, reverse

from accounts import posts
from incidents import actions
from tests.conftest import hire

pytestmark = pytest.mark.django_db

ALL = {
    "gm", "manager", "assistant", "butler", "cashier", "desk", "night", "foreman", "engmanager",
    "dispatcher", "repairer", "contact", "sysadmin",
}  # fmt: skip
HANDLES = {"gm", "manager", "assistant", "butler", "desk", "night", "engmanager"}
# (method, name) → who is let in (not 403).
TABLE = {
    ("get", "incident_list"): ALL,
    ("get", "raise"): ALL,
    ("get", "incident_detail"): ALL,
    ("post", "acknowledge"): ALL,
    ("post", "incident_measure"): ALL,
    ("get", "incident_print"): ALL,
    ("post", "incident_tell"): HANDLES,
    ("post", "incident_end"): HANDLES,
    ("post", "incident_report"): HANDLES,
    ("post", "incident_archive"): {"gm", "manager"},
}


def test_every_post_gets_what_the_table_says(
    request, client, estate, gm, manager, assistant, butler, desk, night, engmanager, dispatcher,
    repairer, sysadmin, now,
):  # fmt: skip
    people = {
        "cashier": hire("cashier", "吴芳", posts.CASHIER, estates=[estate]),
        "foreman": hire("foreman", "冯勇", posts.ENV_FOREMAN, estates=[estate]),
        "contact": hire("contact", "何丽", posts.PUBLIC_AFFAIRS, estates=[estate]),
    }
    people |= {name: request.getfixturevalue(name) for name in ALL if name not in people}
    incident = actions.raise_incident(
        estate=estate, category="fire", where="3栋", what="起火", by=desk, now=now,
        client_key=uuid4(),
    )  # fmt: skip
    wrong = []
    for who, staff in people.items():
        client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
        for (method, name), allowed in TABLE.items():
            args = [] if name in ("incident_list", "raise") else [incident.pk]
            status = getattr(client, method)(reverse(f"incidents:{name}", args=args)).status_code
            if (status != 403) != (who in allowed):
                wrong.append((who, method, name, status))
    assert wrong == []


def test_the_table_names_every_address():
    known = {pattern.name for pattern in get_resolver().namespace_dict["incidents"][1].url_patterns}
    assert {name for _method, name in TABLE} == known
