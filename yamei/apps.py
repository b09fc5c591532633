from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class YameiConfig(AppConfig):
    name = "yamei"
    verbose_name = _("亚美物业客服")
