"""``manage.py demo``: two invented estates with a year of work, to look at the product with."""

import os
import random

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Staff
from estates.models import Estate
from yamei.demo import (
    appraisal,
    community,
    complaints,
    homes,
    office,
    past,
    people,
    registers,
    shifts,
    today,
    visits,
)

SEED = 20261123


class Command(BaseCommand):
    @property
    def help(self):
        return _("装入虚构的演示数据：两个项目、一年的报修、各岗位账号(正式环境拒绝执行)")

    def add_arguments(self, parser):
        parser.add_argument(
            "--tickets", type=int, default=20000, help=_("过去一年的报修单数量，默认 20000")
        )

    def handle(self, *, tickets, **options):
        if settings.PRODUCTION:
            raise CommandError(_("正式环境(PRODUCTION)不装演示数据。"))
        if Estate.objects.filter(is_demo=False).exists():
            raise CommandError(_("已有真实项目，不能混入演示数据。请换一个空数据库。"))
        if Estate.objects.exists():
            raise CommandError(_("演示数据已经在了，不再重复装入。"))
        taken = Staff.objects.filter(username__in=[a.username for a in people.ACCOUNTS])
        if taken.exists():
            raise CommandError(
                _("登录名 %s 已有人用，不能装演示数据。请换一个空数据库。") % taken.first().username
            )
        self.stdout.write(_("正在装入演示数据，约需半分钟…"))
        rng = random.Random(SEED)  # noqa: S311 - invented data, the same every time
        now = timezone.now().replace(microsecond=0)
        with transaction.atomic():
            big = homes.build_big(rng, today=timezone.localdate(now))
            small = homes.build_small(rng, today=timezone.localdate(now))
            staff = people.hire(
                [big.estate, small.estate],
                password=os.environ.get("DEMO_PASSWORD") or people.DEFAULT_PASSWORD,
            )
            butlers = people.give_areas(staff, big.estate)
            writer = past.Writer(big, staff, butlers, rng, now=now)
            written = writer.write(tickets)
            writer.write_questions(tickets // 8)
        now = timezone.now().replace(microsecond=0)  # the clocks of today start when people look
        shifts.fill(big.estate, staff, now=now)  # before today's work: the shifts of yesterday
        open_now = today.open_all(big, staff, rng, now=now)
        open_now += today.open_in_small(small, staff, now=now)
        complaints.fill(big, staff, rng, now=now)
        visits.fill(big, staff, rng, now=now)
        registers.fill(big.estate, staff, now=now)
        community.fill(big.estate, staff, rng, now=now)
        office.fill(big.estate, staff, now=now)
        appraisal.fill(big.estate, staff, now=now)
        self.stdout.write(
            _("已装入：%(units)s 套房，%(people)s 位业户，%(past)s 张旧单，%(open)s 张在办单。")
            % {
                "units": len(big.units) + len(small.units),
                "people": 3060,
                "past": written,
                "open": open_now,
            }
        )
