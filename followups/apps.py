from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FollowupsConfig(AppConfig):
    name = "followups"
    verbose_name = _("跟进")

    def ready(self):
        from followups import kinds  # noqa: F401, PLC0415  registers the check of the modules
