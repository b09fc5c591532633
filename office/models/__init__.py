"""The papers of the department: logs, summaries, tasks, checks, purchases and training."""

from office.models.logs import DailyLog, MonthlySummary
from office.models.purchases import Purchase
from office.models.tasks import Assignment, ButlerCheck, CheckResult
from office.models.training import (
    Attendance,
    PlanItem,
    StaffRecord,
    TrainingPlan,
    TrainingSession,
)

__all__ = [
    "Assignment",
    "Attendance",
    "ButlerCheck",
    "CheckResult",
    "DailyLog",
    "MonthlySummary",
    "PlanItem",
    "Purchase",
    "StaffRecord",
    "TrainingPlan",
    "TrainingSession",
]
