from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class RulebookConfig(AppConfig):
    name = "rulebook"
    verbose_name = _("规程与时限")

    def ready(self):
        from rulebook.seed import seed  # noqa: PLC0415 models cannot be imported before ready()

        post_migrate.connect(seed, sender=self, dispatch_uid="rulebook.seed")
