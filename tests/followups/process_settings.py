"""Settings of the processes that test_processes.py starts: real files, real mail folder."""

import os

from tests.settings import *  # noqa: F403

FOLLOWUP_MODULES = ["tests.followups.sample"]
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = os.environ["MAIL_DIR"]
