from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ServicesConfig(AppConfig):
    name = "services"
    verbose_name = _("服务项目")

    def ready(self):
        from services.answers import seed_cards  # noqa: PLC0415 -- models are ready only now
        from services.catalogue import seed_samples  # noqa: PLC0415

        post_migrate.connect(seed_samples, sender=self, dispatch_uid="services.seed_samples")
        post_migrate.connect(seed_cards, sender=self, dispatch_uid="services.seed_cards")
