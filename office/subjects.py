"""What people are trained in: the handbook of the project (TRN-3), the 15 procedures, and else."""

from django.utils.translation import gettext_lazy as _

from rulebook.sops import SOPS

HANDBOOK = "project_handbook"
OTHER = "other"
SUBJECT_CHOICES = [
    (HANDBOOK, _("项目部门运作手册")),
    *((code, name) for code, name, _clauses in SOPS),
    (OTHER, _("其他")),
]
