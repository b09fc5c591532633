"""``manage.py import_estate FILE --estate NAME``: an estate's workbook from the command line."""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import Staff
from estates.imports import batches
from estates.imports.sheets import write_bad_rows
from estates.models import Estate, ImportBatch


class Command(BaseCommand):
    help = "Import buildings, units and residents of an estate from a workbook."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--estate", required=True, help="made if it does not exist")
        parser.add_argument("--dry-run", action="store_true", help="read and count, write nothing")
        parser.add_argument("--bad", type=Path, help="write the refused rows to this workbook")

    def handle(self, *, file, estate, dry_run, bad, **options):
        name = estate.strip()
        if not name or len(name) > 60:
            raise CommandError("项目名称应为 1 到 60 个字")
        if not file.is_file():
            raise CommandError(f"没有这个文件: {file}")
        try:
            with file.open("rb") as content:
                plan = batches.read_plan(content)
                known = Estate.objects.filter(name=name).first()
                counts = batches.count(plan, known)
                if not dry_run:
                    self._import(content, file.name, known, name)
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        self._report(plan, counts, dry_run)
        if bad:
            rows = [batches.as_json(row) for row in plan.bad]
            write_bad_rows(str(bad), headers=plan.headers, bad_rows=rows, source=file.name)
            self.stdout.write(f"有问题的行已写入 {bad}")

    def _import(self, content, file_name, estate, name):
        now = timezone.now()
        estate = estate or Estate.objects.create(name=name)
        by = Staff.objects.filter(post="sysadmin", is_active=True).order_by("pk").first()
        batch = batches.upload(content, name=file_name, estate=estate, by=by, now=now)
        batches.start(batch, by=by, now=now)
        while batch.state == ImportBatch.State.RUNNING:
            batches.work_slice(batch, now=timezone.now())

    def _report(self, plan, counts, dry_run):
        self.stdout.write("预检, 没有写入任何数据" if dry_run else "已导入")
        self.stdout.write(
            f"行: 可导入 {counts['new']}, 将更新 {counts['changed']}, 不变 {counts['same']}, "
            f"有问题 {counts['bad']}"
        )
        self.stdout.write(
            f"新增: 楼栋 {counts['new_building']}, 房屋 {counts['new_unit']}, "
            f"业户 {counts['new_person']}, 居住关系 {counts['new_residence']}"
        )
        for sheet, rows in plan.left_out:
            self.stdout.write(f"未导入的表: {sheet} {rows} 行")
        for row in plan.bad:
            self.stdout.write(f"{row.sheet} 第 {row.number} 行: {'; '.join(row.problems)}")
