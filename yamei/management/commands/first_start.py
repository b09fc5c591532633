"""``manage.py first_start``: make an installation ready, and say where it is and who may log in.

Safe to run before every start: what is done already is not done again.
"""

import hashlib
import os

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from accounts.models import Staff
from estates.models import Estate
from yamei.demo.people import ACCOUNTS


class Command(BaseCommand):
    @property
    def help(self):
        return _("建立数据库、收集页面文件，第一次启动时装入演示数据，并列出地址与账号")

    def handle(self, **options):
        call_command("migrate", verbosity=0)
        self.collect_static()
        wants_demo = os.environ.get("DEMO", "1") != "0" and not settings.PRODUCTION
        if wants_demo and not Estate.objects.exists() and not Staff.objects.exists():
            call_command("demo", stdout=self.stdout)
        self.stdout.write("")
        self.stdout.write(_("地址：%s") % settings.PUBLIC_URL)
        if Estate.objects.filter(is_demo=True).exists():
            self.show_accounts()
        elif not Staff.objects.exists():
            self.stdout.write(_("还没有账号。请先建立第一个账号(随后会询问密码)："))
            self.stdout.write(
                "  .venv/bin/python manage.py create_staff sysadmin --name 系统管理员"
                " --post sysadmin --ask"
            )
            self.stdout.write(_("登录后先建项目，再建各岗位的员工。"))
        self.stdout.write(_("按 Ctrl+C 停止。"))

    def collect_static(self):
        """Collect static files when a source has changed since the last time."""
        digest = hashlib.sha256()
        for finder in get_finders():
            for path, storage in finder.list([]):
                state = os.stat(storage.path(path))
                digest.update(f"{path} {state.st_size} {state.st_mtime_ns}\n".encode())
        stamp = settings.STATIC_ROOT / ".sources"
        if stamp.exists() and stamp.read_text() == digest.hexdigest():
            return
        self.stdout.write(_("正在收集页面文件…"))
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.write_text(digest.hexdigest())

    def show_accounts(self):
        if os.environ.get("DEMO_PASSWORD"):
            password = _("首次启动时环境变量 DEMO_PASSWORD 的值")
        else:
            password = "yamei-demo"  # noqa: S105 - the published password of invented people
        self.stdout.write(_("演示账号(数据均为虚构，勿用于正式环境)。密码：%s") % password)
        for account in ACCOUNTS:
            self.stdout.write(f"  {account.username:<14} {account.name}  {account.duty.label}")
        if os.environ.get("HOST", "127.0.0.1") not in ("127.0.0.1", "localhost", "::1") and (
            not os.environ.get("DEMO_PASSWORD")
        ):
            self.stdout.write(
                _("注意：局域网内任何人都能用上面的公开密码登录，请设置 DEMO_PASSWORD。")
            )
