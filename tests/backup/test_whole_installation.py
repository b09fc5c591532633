"""R10: backup, wipe, restore: identical counts, photos readable, no alert sent again."""

import json
import shutil
import stat

import pytest

from tests.backup.conftest import manage

pytestmark = pytest.mark.processes

LIVE = """
import json, uuid
from datetime import timedelta
from django.utils import timezone
from accounts.models import Staff
from contacts import actions as contacts
from estates.models import Estate, Membership
from followups.scan import scan
from notifications.models import Message
from repairs import actions
from repairs.photos import Picture

now = timezone.now()
estate = Estate.objects.create(name="亚美花园")
lead = Staff.objects.create_user("assistant", None, name="赵静", post="cs_assistant")
desk = Staff.objects.create_user("desk1", None, name="张敏", post="front_desk", superior=lead)
for person in (lead, desk):
    Membership.objects.create(staff=person, estate=estate)
contact = contacts.start(uuid.uuid4(), estate=estate, by=desk, now=now - timedelta(minutes=30))
repair = actions.register(contact, by=desk, now=now - timedelta(minutes=29), content="水管爆了",
                          contact_phone="13900050000")
actions.add_photo(repair, picture=Picture(b"a picture", 3, 2), client_key=uuid.uuid4(), by=desk,
                  now=now - timedelta(minutes=28))
scan(now)
print(json.dumps({"now": now.isoformat(), "told": Message.objects.count()}))
"""

AGAIN = """
import json
from datetime import datetime
from django.apps import apps
from followups.scan import scan
from notifications.models import Message
from repairs.models import Photo

scan(datetime.fromisoformat("NOW"))
photo = Photo.objects.get()
print(json.dumps({"told": Message.objects.count(), "photo": photo.file.read().decode()}))
"""

COUNTS = """
import json
from django.apps import apps
print(json.dumps({m._meta.label: m._default_manager.count() for m in apps.get_models(include_auto_created=True)}))
"""


def test_restored_installation_is_the_same_and_reminds_nobody_twice(tmp_path, migrated):
    var = tmp_path / "var"
    var.mkdir()
    shutil.copy(migrated, var)
    env = {"VAR_DIR": str(var), "DATABASE_URL": f"sqlite:///{var / 'yamei.sqlite3'}"}
    lines = manage("shell", "-v0", "-c", LIVE, env=env).stdout.splitlines()
    before = json.loads(lines[-1])
    assert before["told"] > 0
    counts = json.loads(manage("shell", "-v0", "-c", COUNTS, env=env).stdout.splitlines()[-1])
    archive = tmp_path / "yamei.zip"

    said = manage("backup", str(archive), env=env).stdout
    assert "1 张照片" in said
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600

    shutil.rmtree(var)
    said = manage("restore", str(archive), env=env).stdout
    assert "1 张照片" in said
    again = json.loads(manage("shell", "-v0", "-c", COUNTS, env=env).stdout.splitlines()[-1])
    assert again == counts
    script = AGAIN.replace("NOW", before["now"])
    after = json.loads(manage("shell", "-v0", "-c", script, env=env).stdout.splitlines()[-1])
    assert after == {"told": before["told"], "photo": "a picture"}


def test_restore_command_refuses_in_words_without_a_trace(tmp_path, migrated):
    var = tmp_path / "var"
    var.mkdir()
    shutil.copy(migrated, var)
    env = {"VAR_DIR": str(var), "DATABASE_URL": f"sqlite:///{var / 'yamei.sqlite3'}"}
    note = tmp_path / "note.zip"
    note.write_text("not a backup")
    done = manage("restore", str(note), env=env, check=False)
    assert done.returncode == 1
    assert "不是备份文件" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["backup", "restore", "demo", "first_start"])
def test_command_explains_itself(command, migrated):
    assert (
        "usage: manage.py " + command
        in manage(command, "--help", env={"VAR_DIR": str(migrated.parent)}).stdout
    )
