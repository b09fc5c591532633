"""Finding repairs by what people remember: number, room, phone, name, two characters (ADR 0004)."""

import re

from django.db import connection
from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL

from accounts.models import Staff
from estates.lookup import matching_units
from repairs.models import RepairQuerySet

MOST_UNITS = 200
MOST_WORDS = 5
DATED = len("20261123-0042")  # a slip's number without the letters before it
PUNCTUATION = re.compile(r"[\s!-/:-@\[-`{-~，。、；：？！“”‘’（）《》【】…—·]+")
HALF_WIDTH = {0xFF01 + n: 0x21 + n for n in range(94)} | {0x3000: 0x20}


def matching(rows: RepairQuerySet, term: str, *, staff: Staff) -> RepairQuerySet:
    """Those of ``rows`` that contain every word of ``term``, or happened in a unit it finds.

    A word is a slip's number or its last four digits, a phone or its last four, or any two or
    more neighbouring characters of content, place and name. PostgreSQL answers from an index of
    character pairs; SQLite, for small installations, reads the rows.
    """
    words = term.translate(HALF_WIDTH).split()[:MOST_WORDS]
    by_word = _by_pairs if connection.vendor == "postgresql" else _by_reading
    found = Q()
    for word in words:
        found &= by_word(word)
    units = list(matching_units(term, staff=staff).values_list("pk", flat=True)[:MOST_UNITS])
    return rows.filter(found | Q(unit_id__in=units)) if units else rows.filter(found)


def _by_reading(word: str) -> Q:
    return _contains(word) | _ends(word)


def _by_pairs(word: str) -> Q:
    """The same answer as reading every row, from the index; see the migration for the pairs."""
    pairs = [
        run[at : at + 2]
        for run in PUNCTUATION.split(word.lower())
        for at in range(max(len(run) - 1, 0))
    ]
    # What has a digit may be a number or a phone.
    marks = [f"n:{word.lower()}", f"p:{word}"] if re.search(r"\d", word) else []
    either = [_quoted(mark) for mark in marks]
    if pairs:
        either.append("(" + " & ".join(_quoted(pair) for pair in dict.fromkeys(pairs)) + ")")
    if not either:
        return Q(pk=None)
    hit = RawSQL(
        '"repairs_repair"."grams" @@ %s::tsquery',
        [" | ".join(either)],
        output_field=BooleanField(),
    )
    # Pairs of a longer word may stand apart; only what the index found is read again.
    exact = _contains(word) | _ends(word) if len(word) > 2 else Q()
    return Q(hit) & exact


def _contains(word: str) -> Q:
    if len(word) < 2:
        return Q(pk=None)  # one character says too little
    return Q(content__icontains=word) | Q(where__icontains=word) | Q(contact_name__icontains=word)


def _ends(word: str) -> Q:
    """Numbers and phones: whole, or the last four."""
    ends = Q(number__iexact=word) | Q(contact_phone=word)
    if len(word) == 4:
        ends |= Q(number__endswith=word) | Q(contact_phone__endswith=word)
    if len(word) >= DATED:
        ends |= Q(number__endswith=word)
    return ends


def _quoted(lexeme: str) -> str:
    escaped = lexeme.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
