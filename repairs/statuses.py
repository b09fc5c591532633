"""The life of a repair (forms 4.1): its states, and which may follow which."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    TO_DISPATCH = "to_dispatch", _("待派单")
    DISPATCHED = "dispatched", _("已派单")
    ACCEPTED = "accepted", _("已接单")
    ASSESSING = "assessing", _("待评审")
    DELAYED = "delayed", _("延期中")
    IN_PROGRESS = "in_progress", _("处理中")
    ARRIVED = "arrived", _("已到场")
    WAITING_PARTS = "waiting_parts", _("待材料")
    OUTSOURCED = "outsourced", _("转外委")
    FINISHED = "finished", _("已完工")
    RETURNED = "returned", _("已返单")
    CALLED_BACK = "called_back", _("已回访")
    ARCHIVED = "archived", _("已存档")
    CANCELLED = "cancelled", _("已取消")
    MERGED = "merged", _("已并入")


S = Status

# status → the states that may follow it. An action names its own target; this is the whole map.
MOVES = {
    S.TO_DISPATCH: {S.DISPATCHED, S.CANCELLED, S.MERGED},
    S.DISPATCHED: {S.ACCEPTED, S.TO_DISPATCH, S.CANCELLED, S.MERGED},
    S.ACCEPTED: {S.IN_PROGRESS, S.DELAYED, S.ASSESSING, S.DISPATCHED, S.CANCELLED, S.MERGED},
    S.ASSESSING: {S.IN_PROGRESS, S.ACCEPTED, S.CANCELLED},
    S.DELAYED: {S.IN_PROGRESS, S.CANCELLED},
    S.IN_PROGRESS: {
        S.ARRIVED,
        S.DELAYED,
        S.ACCEPTED,
        S.ASSESSING,
        S.WAITING_PARTS,
        S.OUTSOURCED,
        S.FINISHED,
        S.CANCELLED,
    },
    S.ARRIVED: {S.FINISHED, S.WAITING_PARTS, S.OUTSOURCED, S.ASSESSING, S.CANCELLED},
    S.WAITING_PARTS: {S.IN_PROGRESS, S.ARRIVED, S.FINISHED, S.OUTSOURCED, S.CANCELLED},
    S.OUTSOURCED: {S.IN_PROGRESS, S.ARRIVED, S.FINISHED, S.WAITING_PARTS, S.CANCELLED},
    S.FINISHED: {S.RETURNED, S.ARRIVED},
    S.RETURNED: {S.CALLED_BACK},
    S.CALLED_BACK: {S.ARCHIVED, S.RETURNED},
    S.ARCHIVED: set(),
    S.CANCELLED: set(),
    S.MERGED: set(),
}

CLOSED = (S.ARCHIVED, S.CANCELLED, S.MERGED)
WAITING = (S.WAITING_PARTS, S.OUTSOURCED)
# Not finished yet: the promise to the resident still runs.
UNFINISHED = (
    S.TO_DISPATCH,
    S.DISPATCHED,
    S.ACCEPTED,
    S.ASSESSING,
    S.DELAYED,
    S.IN_PROGRESS,
    S.ARRIVED,
    S.WAITING_PARTS,
    S.OUTSOURCED,
)
