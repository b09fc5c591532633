"""Papers on their way into a household's file (ARC-1), within a day of the formality."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Staff
from followups.actions import cancel, meet
from registers import followups
from registers.actions import archive, records
from registers.actions.moving import move, required
from registers.models import ArchiveFile, FilingPapers
from registers.models.papers import PapersStatus

WAITING = {PapersStatus.WAITING}


@transaction.atomic
def enter(
    papers: FilingPapers,
    *,
    by: Staff,
    now: datetime,
    file: ArchiveFile | None = None,
    volume: str = "",
    cabinet: str = "",
    keeper: str = "",
) -> None:
    """Put the papers into a file of their household; without ``file`` a new volume is begun."""
    if file is None:
        required(volume=(volume, _("写新卷的卷号")), cabinet=(cabinet, _("写新卷放哪个柜位")))
        file = records.add(
            ArchiveFile(
                estate=papers.estate, unit=papers.unit, volume=volume, cabinet=cabinet,
                keeper=keeper or by.name, filed_on=timezone.localdate(now),
            ),
            by=by, now=now,
        )  # fmt: skip
    if file.unit_id != papers.unit_id:
        raise ValidationError({"file": _("这一卷不是这一户的档案")})
    move(papers, PapersStatus.FILED, "papers.filed", frm=WAITING, by=by, now=now,
         said={"file": file.number}, file=file, filed_at=now, filed_by=by)  # fmt: skip
    archive.add_item(
        file, paper=papers.paper, title=papers.title, pages=papers.pages,
        filed_on=timezone.localdate(now), by=by, now=now,
    )  # fmt: skip
    meet(papers, followups.ARCHIVE_ENTER, by=by, now=now)


@transaction.atomic
def drop(papers: FilingPapers, *, reason: str, by: Staff, now: datetime) -> None:
    """Entered by mistake, or given back to the resident: nothing goes on file."""
    required(reason=(reason, _("写明为什么不归档")))
    move(papers, PapersStatus.DROPPED, "papers.dropped", frm=WAITING, by=by, now=now,
         said={"reason": reason}, drop_reason=reason)  # fmt: skip
    cancel(papers, now=now)
