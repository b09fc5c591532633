"""The registers of the desk: one real table each."""

from registers.models.archive import ArchiveFile, ArchiveItem, ArchiveLoan
from registers.models.cards import AccessCard
from registers.models.counting import (
    ArchiveCheck,
    ArchiveCheckLine,
    KeyCount,
    KeyCountLine,
    StockCount,
)
from registers.models.imports import RegisterImport
from registers.models.keys import KeyCustody, KeyLoan
from registers.models.mail import Mail
from registers.models.papers import FilingPapers
from registers.models.shapes import Custody, Record, RegisterNumber
from registers.models.storage import Deposit

__all__ = [
    "AccessCard",
    "ArchiveCheck",
    "ArchiveCheckLine",
    "ArchiveFile",
    "ArchiveItem",
    "ArchiveLoan",
    "Custody",
    "Deposit",
    "FilingPapers",
    "KeyCount",
    "KeyCountLine",
    "KeyCustody",
    "KeyLoan",
    "Mail",
    "Record",
    "RegisterImport",
    "RegisterNumber",
    "StockCount",
]
