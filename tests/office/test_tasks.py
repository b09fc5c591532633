"""MGT-1, MGT-5, MGT-6: tasks down the line and reports up it. MGT-2: the look at the butlers."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from followups.models import FollowUp
from history.models import Entry
from notifications.models import Message
from office.actions import tasks
from office.models import Assignment, CheckResult
from office.statuses import CHECK_MOVES, TASK_MOVES, CheckStatus, TaskStatus


def owed(paper, kind):
    return FollowUp.objects.open().about(paper).filter(kind=kind)


def give(estate, by, to, now, **changes):
    terms = {"title": "写通知", "due_at": now + timedelta(hours=4), "client_key": uuid4()}
    return tasks.set_task(estate=estate, by=by, assignee=to, now=now, **(terms | changes))


@pytest.mark.clause("MGT-1")
def test_task_of_the_manager_is_owed_by_the_assistant_and_told(task, assistant, now):
    row = owed(task, "office.task").get()
    assert (row.owner, row.due_at) == (assistant, task.due_at)
    assert Message.objects.filter(recipient=assistant).count() == 1


@pytest.mark.clause("MGT-1")
def test_task_is_done_when_its_report_is_accepted(task, manager, assistant, now):
    tasks.begin_task(task, by=assistant, now=now)
    tasks.report_task(task, by=assistant, now=now, report="清单已交")
    assert not owed(task, "office.task").exists()
    assert owed(task, "office.accept_task").get().owner == manager
    tasks.accept_task(task, by=manager, now=now, verdict="好")
    assert task.status == TaskStatus.DONE
    assert not FollowUp.objects.open().about(task).exists()
    assert [entry.event for entry in Entry.objects.about(task).order_by("pk")] == [
        "task.set", "task.begun", "task.reported", "task.accepted",
    ]  # fmt: skip


@pytest.mark.clause("MGT-1")
def test_returned_report_is_owed_again(task, manager, assistant, now):
    tasks.report_task(task, by=assistant, now=now, report="做了一半")
    later = now + timedelta(days=2)
    tasks.return_task(task, by=manager, now=now, reason="补齐三栋", due_at=later)
    assert (task.status, task.returns) == (TaskStatus.DOING, 1)
    assert owed(task, "office.task").get().due_at == later
    assert not owed(task, "office.accept_task").exists()


@pytest.mark.clause("MGT-5")
def test_general_manager_sets_tasks_to_the_manager(estate, gm, manager, now):
    task = give(estate, gm, manager, now)
    assert owed(task, "office.task").get().owner == manager
    tasks.report_task(task, by=manager, now=now, report="办好")
    assert owed(task, "office.accept_task").get().owner == gm


@pytest.mark.clause("MGT-6")
@pytest.mark.parametrize("setter", ["assistant", "manager", "gm"])
def test_every_superior_sets_tasks_to_the_front_desk(request, estate, desk, now, setter):
    task = give(estate, request.getfixturevalue(setter), desk, now)
    assert owed(task, "office.task").get().owner == desk


@pytest.mark.clause("MGT-6")
@pytest.mark.parametrize(("by", "to"), [("desk", "assistant"), ("desk", "desk2"),
                                         ("assistant", "manager"), ("engmanager", "desk"),
                                         ("manager", "manager")])  # fmt: skip
def test_task_to_somebody_not_below_is_refused(request, estate, now, by, to):
    with pytest.raises(ValidationError, match="下属"):
        give(estate, request.getfixturevalue(by), request.getfixturevalue(to), now)
    assert not Assignment.objects.exists()


def test_task_with_a_moment_that_passed_is_refused(estate, manager, assistant, now):
    with pytest.raises(ValidationError, match="晚于现在"):
        give(estate, manager, assistant, now, due_at=now)


def test_task_pressed_twice_is_one(estate, manager, assistant, now):
    key = uuid4()
    first = give(estate, manager, assistant, now, client_key=key)
    assert give(estate, manager, assistant, now, client_key=key) == first
    assert FollowUp.objects.about(first).count() == 1


@pytest.mark.parametrize("who", ["desk", "assistant", "engmanager"])
def test_only_who_leads_accepts(request, task, assistant, now, who):
    tasks.report_task(task, by=assistant, now=now, report="好了")
    with pytest.raises(ValidationError, match="上级"):
        tasks.accept_task(task, by=request.getfixturevalue(who), now=now)


def test_somebody_else_does_not_report(task, desk, now):
    with pytest.raises(ValidationError, match="本人"):
        tasks.report_task(task, by=desk, now=now, report="好了")


def test_moved_task_is_owed_by_the_new_moment(task, manager, now):
    later = now + timedelta(days=5)
    tasks.move_task(task, by=manager, now=now, due_at=later, reason="等资料")
    assert owed(task, "office.task").get().due_at == later


def test_cancelled_task_is_owed_no_more(task, manager, now):
    tasks.cancel_task(task, by=manager, now=now, reason="不做了")
    assert not FollowUp.objects.open().about(task).exists()
    with pytest.raises(ValidationError):
        tasks.report_task(task, by=task.assignee, now=now, report="好了")


def test_moves_name_every_state():
    assert set(TASK_MOVES) == set(TaskStatus)
    assert set(CHECK_MOVES) == set(CheckStatus)


@pytest.mark.clause("MGT-2")
def test_check_is_owed_by_the_assistant_each_working_day(check, now):
    assert owed(check, "office.butler_check").get().owner_post == "cs_assistant"


@pytest.mark.clause("MGT-2")
def test_check_has_a_row_per_butler_and_tells_who_must_improve(
    check, assistant, butler, butler2, now
):
    with pytest.raises(ValidationError, match="王倩"):
        tasks.record_check(check, by=assistant, now=now, findings=[tasks.Finding(butler, True)])
    findings = [tasks.Finding(butler, True), tasks.Finding(butler2, False, "走访没有记录")]
    tasks.record_check(check, by=assistant, now=now, findings=findings)
    assert CheckResult.objects.filter(check_of=check).count() == 2
    assert not owed(check, "office.butler_check").exists()
    assert list(Message.objects.values_list("recipient", flat=True)) == [butler2.pk]


def test_check_with_a_bad_result_needs_words(check, assistant, butler, now):
    with pytest.raises(ValidationError, match="写明"):
        tasks.record_check(check, by=assistant, now=now, findings=[tasks.Finding(butler, False)])


@pytest.mark.clause("MGT-2")
def test_check_page_saves_every_butler(as_, check, assistant, butler, butler2):
    url = reverse("office:check_record", args=[check.pk])
    data = {"version": 1, f"good_{butler.pk}": "1", f"note_{butler.pk}": ""}
    client = as_(assistant)
    assert client.post(url, data).status_code == 422
    data |= {f"good_{butler2.pk}": "0", f"note_{butler2.pk}": "工牌没戴"}
    assert client.post(url, data).status_code == 302
    page = client.get(reverse("office:check_detail", args=[check.pk])).content.decode()
    assert "工牌没戴" in page


@pytest.mark.clause("MGT-1")
def test_task_page_offers_only_those_below(as_, manager, assistant, engmanager, gm, estate):
    page = as_(manager).get(reverse("office:task_add")).content.decode()
    assert "赵静" in page
    assert "孙工" not in page


def test_task_page_stale_version_is_409(as_, task, assistant, manager, now):
    tasks.begin_task(Assignment.objects.get(pk=task.pk), by=assistant, now=now)
    url = reverse("office:task_report", args=[task.pk])
    answer = as_(assistant).post(url, {"version": 1, "report": "我写的汇报"})
    assert answer.status_code == 409
    assert "我写的汇报" in answer.content.decode()
