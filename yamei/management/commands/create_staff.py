"""Make an account from the command line: the first one of an installation, or one for a script."""

import os
from getpass import getpass

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts import actions
from accounts.models import Staff
from accounts.posts import POSTS
from estates.models import Estate, Membership


class Command(BaseCommand):
    help = (
        "Make a staff account. The password comes from YAMEI_PASSWORD, from a prompt, or is made "
        "and printed once; a made one must be replaced at the first login."
    )

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument(
            "--name", required=True, help="name of the person, as colleagues say it"
        )
        parser.add_argument("--post", required=True, choices=[post.code for post in POSTS])
        parser.add_argument("--superior", metavar="USERNAME")
        parser.add_argument(
            "--estate",
            metavar="NAME",
            action="append",
            default=[],
            help="may be given several times",
        )
        parser.add_argument("--ask", action="store_true", help="ask for the password")

    def handle(self, *, username, name, post, superior, estate, ask, **options):
        password = os.environ.get("YAMEI_PASSWORD") or None
        if password is None and ask:
            password = getpass("Password: ")
            if not password or password != getpass("Password again: "):
                raise CommandError("The two passwords differ or are empty. Nothing was made.")
        estates = [self.find(Estate.objects, f"estate {text}", name=text) for text in estate]
        above = None
        if superior:
            above = self.find(
                Staff.objects.active(),
                f"superior {superior}",
                username=Staff.normalize_username(superior),
            )
        try:
            with transaction.atomic():
                staff, password_now = actions.add_staff(
                    username=username,
                    name=name,
                    post=post,
                    superior=above,
                    password=password,
                    by=None,
                    now=timezone.now(),
                )
                Membership.objects.bulk_create(
                    [Membership(staff=staff, estate=place) for place in estates]
                )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        self.stdout.write(f"Made {staff.username} ({staff.name}, {post}).")
        if password is None:
            self.stdout.write(f"One-time password, shown only now: {password_now}")
        if not estates:
            self.stdout.write("Works for no estate yet: sees nothing until one is given.")

    def find(self, rows, what, **by):
        found = rows.filter(**by).first()
        if found is None:
            known = ", ".join(str(row) for row in rows.all()[:20]) or "none"
            raise CommandError(f"No {what}. There are: {known}. Nothing was made.")
        return found
