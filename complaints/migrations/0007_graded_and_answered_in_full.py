"""A complaint at work has a grade and a finding of its validity, not just one of them.

SQLite exchanges the constraint by making the table anew; the words are closed again, as in 0006.
"""

from importlib import import_module

from django.conf import settings
from django.db import migrations, models

close_words = import_module("complaints.migrations.0006_how_to_reach").close_words


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0006_how_to_reach"),
        ("contacts", "0004_results_of_former_call_backs"),
        ("estates", "0005_desk_phone"),
        ("repairs", "0010_answers_of_callers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, close_words),
        migrations.RemoveConstraint(
            model_name="complaint",
            name="complaint_graded_before_work",
        ),
        migrations.AddConstraint(
            model_name="callback",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("is_reached", False), ("satisfaction", "")),
                    models.Q(("is_reached", True), models.Q(("satisfaction", ""), _negated=True)),
                    _connector="OR",
                ),
                name="complaint_callback_reached_with_answer",
            ),
        ),
        migrations.AddConstraint(
            model_name="complaint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status", "registered"),
                    models.Q(
                        models.Q(("grade", ""), _negated=True),
                        models.Q(("validity", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="complaint_graded_before_work",
            ),
        ),
        migrations.RunPython(close_words, migrations.RunPython.noop),
    ]
