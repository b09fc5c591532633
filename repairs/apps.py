from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class RepairsConfig(AppConfig):
    name = "repairs"
    verbose_name = _("报修")

    def ready(self):
        from repairs.seed import seed_phrases  # noqa: PLC0415 -- models are not loaded before

        post_migrate.connect(seed_phrases, sender=self)
