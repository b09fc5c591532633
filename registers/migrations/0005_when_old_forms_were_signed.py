"""Forms ticked as signed until now were signed when the line was entered, before its enterer."""

from django.db import migrations
from django.db.models import F


def fill(apps, schema_editor):
    for model, tick in (("KeyCustody", "owner_signed"), ("Deposit", "signed")):
        rows = apps.get_model("registers", model).objects.filter(**{tick: True}, signed_at=None)
        rows.update(signed_at=F("recorded_at"), signature_by=F("recorded_by"))


class Migration(migrations.Migration):
    dependencies = [("registers", "0004_forms_signed_after_printing")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
