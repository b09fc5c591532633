"""Every page: accessible on the desk in the light and on a phone in the dark, no sideways scroll
down to 320 px, no console error, own host only."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import DESKTOP, PHONE

pytestmark = pytest.mark.browser

# ``{app.Model}`` stands for the newest row that this person may see, ``{app.Model?field=value}``
# for the newest of those.
PAGES = [
    ("", "/login/"),
    # The front desk
    ("desk1", "/today/"),
    ("desk1", "/intake/"),
    ("desk1", "/repairs/"),
    ("desk1", "/repairs/?q=漏水&status=all"),
    ("desk1", "/repairs/{repairs.Repair}/"),
    ("desk1", "/repairs/{repairs.Repair}/print/"),
    ("desk1", "/repairs/register/print/"),
    ("desk1", "/unit/{estates.Unit}/"),
    ("desk1", "/search/?q=3-2-1102"),
    ("desk1", "/followups/"),
    ("desk1", "/inbox/"),
    ("desk1", "/incidents/raise/"),
    ("desk1", "/complaints/add/"),
    ("desk1", "/services/"),
    ("desk1", "/services/answers/"),
    ("desk1", "/services/answers/add/"),
    ("desk1", "/surveys/{community.Survey?status=field}/entry/"),
    ("desk1", "/callbacks/answers/{repairs.Caller?is_first=0}/"),
    ("desk1", "/callbacks/print/caller/{repairs.Caller?is_first=0}/"),
    ("desk1", "/shift/close/"),
    ("desk1", "/shift/history/"),
    ("desk1", "/shift/cash/"),
    ("desk1", "/registers/"),
    ("desk1", "/registers/keys/"),
    ("desk1", "/registers/keys/{registers.KeyCustody}/"),
    ("desk1", "/registers/cards/{registers.AccessCard}/"),
    ("desk1", "/registers/mail/add/"),
    ("desk1", "/registers/storage/{registers.Deposit}/print/"),
    ("desk1", "/registers/archive/{registers.ArchiveFile}/"),
    # The butler
    ("butler1", "/followups/"),
    ("butler1", "/visits/"),
    ("butler1", "/visits/{visits.Visit}/"),
    ("butler1", "/visits/{visits.Visit}/record/"),
    ("butler1", "/visits/{visits.Visit}/print/"),
    ("butler1", "/visits/coverage/"),
    ("butler1", "/suggestions/{community.Suggestion}/"),
    ("butler1", "/appraisal/?which=own"),
    ("butler1", "/callbacks/"),
    ("butler1", "/callbacks/done/"),
    ("butler1", "/surveys/{community.Survey}/forms/"),
    ("butler1", "/appraisal/"),
    # Engineering
    ("dispatcher", "/dispatch/"),
    ("repairer1", "/dispatch/"),
    # The assistant
    ("assistant", "/complaints/"),
    ("assistant", "/complaints/{complaints.Complaint}/"),
    ("assistant", "/complaints/{complaints.Complaint}/print/"),
    ("assistant", "/complaints/analysis/"),
    ("assistant", "/registers/keys/import/"),
    ("assistant", "/roster/add/?pattern=three"),
    ("assistant", "/callbacks/callers/"),
    ("assistant", "/surveys/"),
    ("assistant", "/activities/"),
    ("assistant", "/suggestions/"),
    ("assistant", "/office/logs/{office.DailyLog}/"),
    ("assistant", "/office/summaries/{office.MonthlySummary}/"),
    ("assistant", "/office/purchases/{office.Purchase}/"),
    ("assistant", "/office/training/{office.TrainingSession}/"),
    ("assistant", "/office/training/people/"),
    ("assistant", "/office/training/people/of/{accounts.Staff?username=desk1}/"),
    ("assistant", "/appraisal/rates/"),
    ("assistant", "/activities/plans/{community.EventPlan}/"),
    ("assistant", "/appraisal/rounds/{appraisal.Round}/"),
    ("assistant", "/appraisal/new/"),
    # The manager
    ("manager", "/office/"),
    ("manager", "/office/tasks/{office.Assignment}/"),
    ("manager", "/office/training/plans/{office.TrainingPlan}/"),
    ("manager", "/surveys/{community.Survey}/"),
    ("manager", "/surveys/{community.Survey}/figures/"),
    ("manager", "/surveys/{community.Survey?status=archived}/figures/notice/"),
    ("manager", "/measures/{community.Measure}/"),
    ("manager", "/activities/{community.CommunityEvent}/"),
    ("manager", "/roster/"),
    ("manager", "/roster/{roster.Roster}/"),
    ("manager", "/shift/{shifts.Handover}/"),
    ("desk1", "/shift/{shifts.Handover?seat=desk}/figures/repairs/"),
    ("manager", "/shift/{shifts.Handover}/print/"),
    ("manager", "/incidents/"),
    ("manager", "/incidents/{incidents.Incident}/"),
    ("manager", "/appraisal/{appraisal.Sheet}/"),
    ("manager", "/appraisal/{appraisal.Sheet}/print/"),
    ("manager", "/appraisal/review/"),
    ("manager", "/appraisal/appeals/"),
    ("manager", "/appraisal/appeals/{appraisal.Appeal}/"),
    ("manager", "/appraisal/months/"),
    ("manager", "/appraisal/fairness/"),
    ("manager", "/appraisal/schemes/butler/"),
    ("manager", "/staff/"),
    ("manager", "/estates/"),
    ("manager", "/rulebook/"),
    ("manager", "/rulebook/calendar/"),
    ("manager", "/import/"),
    ("sysadmin", "/robots/"),
]
TALL = 4000  # so that nothing lies under a bar that sticks to the bottom
OPTIONS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}
NEWEST = """
import json, sys
from django.apps import apps
from accounts.models import Staff
found = {}
for who, label in json.loads(%r):
    model, _, wanted = label.partition('?')
    rows = apps.get_model(model).objects
    staff = Staff.objects.get(username=who)
    rows = rows.visible_to(staff) if hasattr(rows.all(), 'visible_to') else rows.all()
    if wanted:
        rows = rows.filter(**dict([wanted.split('=')]))
    found[who + ' ' + label] = rows.order_by('-pk').values_list('pk', flat=True).first()
print(json.dumps(found))
"""


def label_in(path):
    return path[path.index("{") + 1 : path.index("}")] if "{" in path else None


@pytest.fixture(scope="session")
def newest(server):
    wanted = sorted({(who, label_in(path)) for who, path in PAGES if "{" in path})
    return json.loads(server.ask(NEWEST % json.dumps(wanted)))


def serious(page):
    found = Axe().run(page, options=OPTIONS).response["violations"]
    return [
        f"{v['id']}: {v['nodes'][0]['html'][:160]}"
        for v in found
        if v["impact"] in ("serious", "critical")
    ]


def is_wide(page):
    return page.evaluate("document.documentElement.scrollWidth > innerWidth")


@pytest.mark.parametrize(("who", "path"), PAGES, ids=[f"{w}{p}" for w, p in PAGES])
def test_page_is_accessible_and_fits(open_as, newest, who, path):
    if label := label_in(path):
        path = path.replace(f"{{{label}}}", str(newest[f"{who} {label}"]))
    page = open_as(who, path, reduced_motion="reduce")  # colours are final at once
    assert page.locator("h1").count() == (page.locator(".paper .sheet").count() or 1)
    page.set_viewport_size({**DESKTOP, "height": TALL})
    assert serious(page) == []
    is_paper = "/print/" in path  # as wide as the sheet, whatever the screen
    assert is_paper or not is_wide(page), "desk"
    page.set_viewport_size({**PHONE, "height": TALL})
    page.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
    assert serious(page) == []
    assert is_paper or not is_wide(page), "390 px"
    page.set_viewport_size({"width": 320, "height": 640})
    assert is_paper or not is_wide(page), "320 px"
    assert page.console_errors == []
    assert page.foreign == []
