"""The registers of the desk: one real table each."""

from registers.models.archive import ArchiveFile, ArchiveItem, ArchiveLoan
from registers.models.cards import AccessCard
from registers.models.imports import RegisterImport
from registers.models.keys import KeyCount, KeyCountLine, KeyCustody, KeyLoan
from registers.models.mail import Mail
from registers.models.shapes import Custody, Record, RegisterNumber
from registers.models.storage import Deposit

__all__ = [
    "AccessCard",
    "ArchiveFile",
    "ArchiveItem",
    "ArchiveLoan",
    "Custody",
    "Deposit",
    "KeyCount",
    "KeyCountLine",
    "KeyCustody",
    "KeyLoan",
    "Mail",
    "Record",
    "RegisterImport",
    "RegisterNumber",
]
