"""A promised call that was done before its result had fields of its own stands among the results.

Who phoned and when is known from the follow-up that it ended; what was said is in ``answer``. The
caller was reached: before tries were kept, nothing but an answer ended a call-back.
"""

from django.db import migrations

CALL_BACK = "contacts.call_back"


def fill_results(apps, schema_editor):
    Contact = apps.get_model("contacts", "Contact")
    FollowUp = apps.get_model("followups", "FollowUp")
    done = FollowUp.objects.filter(
        kind=CALL_BACK, done_at__isnull=False, done_by__isnull=False
    ).order_by("done_at", "pk")
    for contact, at, by in done.values_list("object_id", "done_at", "done_by").iterator():
        Contact.objects.filter(pk=contact, called_back_at=None).exclude(answer="").update(
            called_back_at=at, call_received_at=at, called_back_by=by, was_reached=True
        )


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0003_call_backs_and_tries"),
        ("followups", "0003_open_rows_by_estate"),
    ]

    # Backwards the columns go, and the follow-ups keep what they knew.
    operations = [migrations.RunPython(fill_results, migrations.RunPython.noop)]
