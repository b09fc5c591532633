"""A survey under way, a plan with its activities, and suggestions, all made by the real actions."""

import random
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.utils import timezone

from accounts.models import Staff
from community.actions import (
    events,
    fieldwork,
    measures,
    participants,
    photos,
    plans,
    returns,
    suggestions,
    surveys,
)
from community.figures import figures_of
from community.models import EventPlan, Questionnaire, Topic
from community.models.questionnaires import Channel
from estates.models import VACANT, Estate, Unit
from followups.actions import cancel
from rulebook.limits import limit
from yamei.demo.today import drawn

OPINIONS = ("楼道灯有时不亮", "保洁阿姨很认真", "电动车停放乱", "")
WEIGHTS = {Topic.ORDER: (20, 30, 30, 12, 8), Topic.FEES: (18, 30, 32, 14, 6)}
MOSTLY_PLEASED = (40, 38, 17, 4, 1)
MEASURES = {
    Topic.ORDER: ("电动车停放乱", "划线并每天两次巡查"),
    Topic.FEES: ("收费明细看不懂", "账单上列出每项的单价和面积"),
}
SUGGESTED = (
    (Topic.OTHER, "建议在东门加装快递柜"),
    (Topic.SERVICE, "希望周末开放会议室给老人下棋"),
    (Topic.GREENING, "绿化带里请装一处饮水点"),
)


def fill(estate: Estate, staff: dict[str, Staff], rng: random.Random, *, now: datetime) -> None:
    """What the pages of the community room show; a few hundred rows, under two seconds."""
    _finished_survey(estate, staff, rng, now=now - timedelta(days=150))
    _running_survey(estate, staff, rng, now=now)
    _activities(estate, staff, now=now)
    _held_activity(estate, staff, rng, now=now)
    units = list(_occupied(estate)[:3])
    for unit, (topic, content) in zip(units, SUGGESTED, strict=False):
        suggestions.take(
            estate=estate, content=content, origin="call", topic=topic, unit=unit, said_at=now,
            by=staff["desk1"], now=now,
        )  # fmt: skip


def _occupied(estate):
    rows = Unit.objects.filter(estate=estate).exclude(occupancy__in=VACANT)
    return rows.select_related("building").order_by("code")


def _begin(estate, staff, *, title, now, days):
    today = timezone.localdate(now)
    survey = surveys.plan(
        estate=estate, by=staff["manager"], now=now, title=title, purpose="了解业户对服务的满意程度",
        audience="已入住户", starts_on=today, ends_on=today + timedelta(days=days), share=100,
    )  # fmt: skip
    surveys.submit(survey, by=staff["manager"], now=now)
    surveys.approve(survey, by=staff["gm"], now=now, opinion="同意")
    fieldwork.distribute(survey, by=staff["manager"], now=now)
    return survey


def _give_back(survey, staff, rng, *, share, now):
    rated = list(survey.questions.filter(is_free=False).order_by("position"))
    rows = list(
        Questionnaire.objects.filter(survey=survey).select_related("unit__building", "survey")
    )
    fieldwork.mark_sent(survey, [row.pk for row in rows], by=staff["manager"], now=now)
    for row in rng.sample(rows, int(len(rows) * share)):
        scores = {
            q.pk: rng.choices((5, 4, 3, 2, 1), WEIGHTS.get(q.topic, MOSTLY_PLEASED))[0]
            for q in rated
        }
        returns.give_back(
            row, scores=scores, texts={}, opinion=rng.choice(OPINIONS), suggestion="",
            channel=Channel.PAPER, by=staff["desk1"], now=now,
        )  # fmt: skip


def _keep_few(survey, rng, count):
    """The demo's estate has a thousand homes; a survey of some of them reads as well."""
    rows = list(Questionnaire.objects.filter(survey=survey).values_list("pk", flat=True))
    kept = set(rng.sample(rows, min(count, len(rows))))
    Questionnaire.objects.filter(survey=survey).exclude(pk__in=kept).delete()
    type(survey).objects.filter(pk=survey.pk).update(occupied=len(kept))
    survey.occupied = len(kept)
    filled = survey.questionnaires.values("unit__building")
    for row in survey.hand_outs.exclude(building__in=filled):
        cancel(row, now=survey.opened_at)
        row.delete()


def _finished_survey(estate, staff, rng, *, now):
    survey = _begin(estate, staff, title="上一次意见征询", now=now, days=10)
    _keep_few(survey, rng, 60)
    _give_back(survey, staff, rng, share=0.84, now=now + timedelta(days=3))
    later = now + timedelta(days=11)
    fieldwork.count(survey, by=staff["manager"], now=later)
    surveys.report(
        survey, by=staff["manager"], now=later,
        analysis="秩序和收费两项低于目标。主要意见是电动车停放和收费明细不清楚。",
    )  # fmt: skip
    target = limit("surveys.satisfied_target", at=later).value
    for topic in figures_of(survey).topics:
        if topic.rate is None or topic.rate >= target:
            continue
        problem, what = MEASURES.get(topic.key, (f"{topic.label}满意率低", "查原因并改进"))
        measure = measures.give(
            survey, topic=topic.key, problem=problem, what=what, owner=staff["butler1"],
            due_on=timezone.localdate(later) + timedelta(days=20), by=staff["manager"], now=later,
        )  # fmt: skip
        measures.finish(
            measure, by=staff["butler1"], now=later + timedelta(days=12), result="已做到"
        )
        measures.confirm(
            measure, by=staff["manager"], now=later + timedelta(days=14), finding="去看过, 做到了"
        )
    surveys.publicise(
        survey, by=staff["manager"], now=later + timedelta(days=2), where="各楼公告栏和业户群"
    )
    surveys.archive(survey, by=staff["manager"], now=later + timedelta(days=25))


def _running_survey(estate, staff, rng, *, now):
    survey = _begin(estate, staff, title="本期意见征询", now=now, days=12)
    _keep_few(survey, rng, 40)
    _give_back(survey, staff, rng, share=0.4, now=now)


def _activities(estate, staff, *, now):
    today = timezone.localdate(now)
    year, half = (today.year, 2) if today.month <= 6 else (today.year + 1, 1)
    plan = EventPlan.objects.filter(estate=estate, year=year, half=half).first()
    plan = plan or plans.begin(estate=estate, year=year, half=half, by=staff["assistant"], now=now)
    for what, households in (("邻里游园", 86), ("亲子手工", 54), ("健康义诊", 41)):
        plans.add_wish(plan, what=what, households=households, by=staff["assistant"], now=now)
    events.add(
        estate=estate, plan=None, theme="健康义诊", starts_at=now + timedelta(days=30), place="物业大厅",
        owner=staff["butler1"], budget=800, purpose="关怀老人", audience="全体业户",
        programme="量血压、测血糖", division="管家布置, 前台登记", safety="备急救箱, 留救护通道",
        by=staff["assistant"], now=now,
    )  # fmt: skip


def _held_activity(estate, staff, rng, *, now):
    """An evening of last week with its photo, whose summary somebody still owes."""
    told, held = now - timedelta(days=18), now - timedelta(days=5)
    event = events.add(
        estate=estate, plan=None, theme="邻里故事会", starts_at=held, place="中心花园",
        owner=staff["butler2"], budget=600, purpose="让新老住户互相认识", audience="全体业户",
        programme="故事会、茶点", division="管家主持, 前台登记", safety="安保二人, 备急救箱",
        by=staff["assistant"], now=now - timedelta(days=30),
    )  # fmt: skip
    events.submit(event, by=staff["butler2"], now=now - timedelta(days=25))
    events.approve(event, by=staff["gm"], now=now - timedelta(days=24), opinion="同意")
    events.give_notice(event, by=staff["butler2"], now=told, notice="各楼公告栏和业户群")
    later = held + timedelta(hours=3)
    events.hold(event, by=staff["butler2"], now=later, attendance=38, spent=Decimal("582.50"),
                evaluation="气氛热闹, 新住户来得多")  # fmt: skip
    came = "\n".join(unit.code for unit in _occupied(estate).filter(building__code="6")[:12])
    participants.set_participants(event, by=staff["butler2"], now=later, lines=came)
    photos.add_photo(event, picture=drawn(), client_key=UUID(int=rng.getrandbits(128)),
                     by=staff["butler2"], now=later)  # fmt: skip
