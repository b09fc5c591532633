"""The life of a complaint (forms 4.2): its states, and which may follow which."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    REGISTERED = "registered", _("已登记")
    ACCEPTED = "accepted", _("已受理")
    PROCESSING = "processing", _("处理中")
    TO_REPLY = "to_reply", _("待回复")
    REPLIED = "replied", _("已回复")
    CALLED_BACK = "called_back", _("已回访")
    CLOSED = "closed", _("已结案")


S = Status

# status → the states that may follow it. An action names its own target; this is the whole map.
MOVES = {
    S.REGISTERED: {S.ACCEPTED},
    S.ACCEPTED: {S.PROCESSING, S.TO_REPLY, S.CLOSED},
    S.PROCESSING: {S.TO_REPLY, S.CLOSED},
    S.TO_REPLY: {S.REPLIED},
    S.REPLIED: {S.CALLED_BACK, S.PROCESSING},
    S.CALLED_BACK: {S.CLOSED, S.PROCESSING},
    S.CLOSED: set(),
}

# Not handled yet: the promise to the resident runs.
UNHANDLED = (S.REGISTERED, S.ACCEPTED, S.PROCESSING)
# The resident has not said yet that it is well: a month of this makes a complaint grave.
UNSOLVED = (*UNHANDLED, S.TO_REPLY, S.REPLIED)
