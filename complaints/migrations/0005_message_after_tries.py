from django.db import migrations, models
from django.db.models import F


def notes_of_tries_are_messages(apps, schema_editor):
    """Before, the note of a try that did not get through said that a message had been left."""
    calls = apps.get_model("complaints", "Callback").objects.filter(is_reached=False)
    calls.exclude(note="").update(message=F("note"), note="")


class Migration(migrations.Migration):
    dependencies = [("complaints", "0004_photos")]

    operations = [
        migrations.AddField(
            model_name="callback",
            name="message",
            field=models.TextField(blank=True, max_length=500, verbose_name="发给业户的话"),
        ),
        migrations.RunPython(notes_of_tries_are_messages, migrations.RunPython.noop),
    ]
