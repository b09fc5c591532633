"""``manage.py restore FILE``: put a backup in the place of this installation's data."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from yamei import backup


class Command(BaseCommand):
    @property
    def help(self):
        return _("从备份文件恢复数据库和照片(先停止网页和提醒进程)")

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help=_("备份文件"))
        parser.add_argument(
            "--yes", action="store_true", help=_("数据库里已有数据时，确认用备份替换")
        )

    def handle(self, *, file, yes, **options):
        connections.close_all()
        try:
            done = backup.restore(file, installation=backup.Installation.of_settings(), replace=yes)
        except backup.BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            _("已恢复：%(rows)s 行数据，%(photos)s 张照片。")
            % {"rows": done.rows, "photos": done.photos}
        )
        for path in done.kept:
            self.stdout.write(_("原来的数据保留在 %s") % path)
        connection = connections["default"]
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write(_("备份来自较早的版本，请接着运行 manage.py migrate。"))
