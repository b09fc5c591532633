"""An evidence module as another room would declare it: one failed exam."""

from datetime import timedelta

from followups.evidence import Evidence


def evidence(staff, start, end):
    return [
        Evidence("exam:1", "exam", "", "TRN-2", "考试 52 分", "/office/1/", end - timedelta(days=1))
    ]


def records(staff, start, end, *, to):
    return []
