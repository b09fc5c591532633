"""The real settings, faster and apart from the running installation."""

import tempfile
from pathlib import Path

from yamei.settings import *  # noqa: F403
from yamei.settings import DATABASES, STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MEDIA_ROOT = Path(tempfile.gettempdir()) / "yamei-test-photos"
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
AXES_ENABLED = False  # the lockout tests switch it on
DATABASES["default"]["CONN_MAX_AGE"] = 0
LANGUAGE_CODE = "zh-hans"
WHITENOISE_AUTOREFRESH = True  # nothing is collected for tests
