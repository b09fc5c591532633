"""``manage.py backup FILE``: database and photos in one verified file."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from yamei import backup


class Command(BaseCommand):
    @property
    def help(self):
        return _("把数据库和照片备份成一个文件(使用中也可以备份，写完自动校验)")

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help=_("备份文件，如 yamei-20261123.zip"))

    def handle(self, *, file, **options):
        try:
            done = backup.write(
                file, installation=backup.Installation.of_settings(), now=timezone.now()
            )
        except backup.BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            _("已备份并校验：%(file)s，%(rows)s 行数据，%(photos)s 张照片，%(size).1f MB。")
            % {
                "file": done.file,
                "rows": done.rows,
                "photos": done.photos,
                "size": done.size / 1e6,
            }
        )
        if done.missing_photos:
            self.stdout.write(_("有 %s 张照片在备份时被删除，未收入备份。") % done.missing_photos)
        self.stdout.write(_("文件含业户个人信息，请保存在安全的地方。密钥 secret_key 不在其中。"))
