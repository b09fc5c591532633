"""Keeping the group robots: every change is in the history, without the secret."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Staff
from history import entries
from notifications.channels import CHANNELS
from notifications.channels.parcel import Parcel
from notifications.models import Robot


def save(robot: Robot, *, by: Staff, now: datetime) -> Robot:
    """Add or change a robot."""
    event = "robot.changed" if robot.pk else "robot.added"
    with transaction.atomic():
        robot.save()
        entries.record(robot, event, by=by, now=now, post=robot.post, active=robot.is_active)
    return robot


def delete(robot: Robot, *, by: Staff, now: datetime) -> None:
    """Remove a robot together with what was sent through it; what people were told stays."""
    with transaction.atomic():
        entries.record(robot, "robot.deleted", by=by, now=now, post=robot.post)
        robot.delete()


def send_test(robot: Robot, *, by: Staff, now: datetime) -> str:
    """Post one line to the group; returns the robot's answer, NotSentError if it refused."""
    return CHANNELS[robot.kind](
        Parcel(
            address=robot.url,
            subject=_("测试"),
            text=_("这是%(name)s发的测试, 收到就说明设置正确") % {"name": by.name},
            key=f"test-{robot.pk}-{now:%Y%m%d%H%M%S}",
            secret=robot.secret,
        )
    )
