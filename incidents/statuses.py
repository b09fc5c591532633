"""The life of a major incident (forms 4.23): its states, and which may follow which."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    HANDLING = "handling", _("处置中")
    ENDED = "ended", _("已结束")
    REPORTED = "reported", _("已写报告")
    ARCHIVED = "archived", _("已归档")


S = Status

# status → the states that may follow it. An action names its own target; this is the whole map.
MOVES = {
    S.HANDLING: {S.ENDED},
    S.ENDED: {S.REPORTED},
    S.REPORTED: {S.ARCHIVED},
    S.ARCHIVED: set(),
}
