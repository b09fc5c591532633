"""Repairs at any point of their life, made by the real actions."""

from datetime import timedelta
from uuid import uuid4

from contacts import actions as contacts
from repairs import actions
from repairs.statuses import Status


def take_call(estate, *, by, now, **fields):
    """A contact as the desk begins it."""
    return contacts.start(uuid4(), estate=estate, by=by, now=now, **fields)


def write_slip(estate, *, by, now, **fields):
    """A registered repair of a call that began at ``now``."""
    contact = take_call(estate, by=by, now=now, phone="13912341234", caller_name="王秀梅")
    fields = {"content": "厨房水龙头漏水", "category": "water"} | fields
    return actions.register(contact, by=by, now=now, **fields)


class Crew:
    """Who does what in a repair's life, so that a test can ask for a slip in any state."""

    def __init__(self, estate, unit, desk, dispatcher, repairer, engmanager):
        self.estate, self.unit, self.desk = estate, unit, desk
        self.dispatcher, self.repairer, self.engmanager = dispatcher, repairer, engmanager

    def slip(self, status=Status.TO_DISPATCH, *, now, **fields):
        """A repair brought to ``status`` by its actions, all at ``now``."""
        repair = write_slip(self.estate, by=self.desk, now=now, **({"unit": self.unit} | fields))
        for step in PATHS[status]:
            step(self, repair, now)
        repair.refresh_from_db()
        assert repair.status == status
        return repair


def _dispatch(crew, repair, now):
    actions.dispatch(repair, by=crew.desk, now=now)


def _accept(crew, repair, now):
    actions.accept(repair, by=crew.dispatcher, now=now)


def _assign(crew, repair, now):
    actions.assign(repair, repairer=crew.repairer, by=crew.dispatcher, now=now)


def _arrive(crew, repair, now):
    actions.arrive(repair, by=crew.repairer, now=now)


def _assess(crew, repair, now):
    actions.assess(repair, by=crew.dispatcher, now=now)


def _delay(crew, repair, now):
    actions.cannot_come(
        repair, reason="人手不够", new_promise=_tomorrow(now), by=crew.dispatcher, now=now
    )


def _wait(crew, repair, now):
    actions.wait_for(
        repair, status=Status.WAITING_PARTS, reason="等阀芯", look_again_at=_tomorrow(now),
        by=crew.repairer, now=now,
    )  # fmt: skip


def _outsource(crew, repair, now):
    actions.wait_for(
        repair, status=Status.OUTSOURCED, reason="找防水公司", look_again_at=_tomorrow(now),
        by=crew.dispatcher, now=now,
    )  # fmt: skip


def _finish(crew, repair, now):
    actions.finish(repair, cause="阀芯老化", work_done="更换阀芯", by=crew.repairer, now=now)


def _return(crew, repair, now):
    actions.return_slip(repair, by=crew.dispatcher, now=now)


def _call_back(crew, repair, now):
    actions.call_back(repair, result="solved", satisfaction="satisfied", by=crew.desk, now=now)


def _archive(crew, repair, now):
    actions.archive(repair, by=crew.desk, now=now)


def _cancel(crew, repair, now):
    actions.cancel(repair, reason="业户取消", by=crew.desk, now=now)


def _merge(crew, repair, now):
    other = write_slip(crew.estate, by=crew.desk, now=now, unit=crew.unit)
    actions.merge(repair, into=other, by=crew.desk, now=now)


def _tomorrow(now):
    return now + timedelta(days=1)


_WORKING = (_dispatch, _accept, _assign)
_DONE = (*_WORKING, _arrive, _finish)
PATHS = {
    Status.TO_DISPATCH: (),
    Status.DISPATCHED: (_dispatch,),
    Status.ACCEPTED: (_dispatch, _accept),
    Status.ASSESSING: (_dispatch, _accept, _assess),
    Status.DELAYED: (_dispatch, _accept, _delay),
    Status.IN_PROGRESS: _WORKING,
    Status.ARRIVED: (*_WORKING, _arrive),
    Status.WAITING_PARTS: (*_WORKING, _wait),
    Status.OUTSOURCED: (*_WORKING, _arrive, _outsource),
    Status.FINISHED: _DONE,
    Status.RETURNED: (*_DONE, _return),
    Status.CALLED_BACK: (*_DONE, _return, _call_back),
    Status.ARCHIVED: (*_DONE, _return, _call_back, _archive),
    Status.CANCELLED: (_cancel,),
    Status.MERGED: (_merge,),
}
