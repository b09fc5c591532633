"""How somebody without a phone is reached.

SQLite adds the column by making the table anew, and a table that is made anew has lost its
triggers: the words of the resident (0002) are closed again afterwards.
"""

from django.db import migrations, models

WORDS_STAY = """
CREATE TRIGGER complaint_words_stay BEFORE UPDATE ON complaints_complaint
WHEN OLD.content IS NOT NEW.content OR OLD.demand IS NOT NEW.demand
BEGIN
  SELECT RAISE(ABORT, 'the words of a complaint are never changed');
END
"""


def close_words(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER IF EXISTS complaint_words_stay", params=None)
        schema_editor.execute(WORDS_STAY, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0005_message_after_tries"),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, close_words),
        migrations.AddField(
            model_name="complaint",
            name="how_to_reach",
            field=models.CharField(blank=True, max_length=100, verbose_name="怎么联系"),
        ),
        migrations.RunPython(close_words, migrations.RunPython.noop),
    ]
