from django.db import migrations


def confirm_filed(apps, _schema_editor):
    """What was done for a survey that is filed was looked at when it was filed."""
    measures = apps.get_model("community", "Measure").objects
    done = measures.filter(status="done", survey__status="archived").select_related("survey")
    for measure in done:
        measures.filter(pk=measure.pk).update(
            status="confirmed",
            confirmed_at=measure.survey.archived_at,
            confirmed_by=measure.survey.planned_by_id,
        )


class Migration(migrations.Migration):
    dependencies = [("community", "0003_measures_confirmed_answers_told")]

    operations = [migrations.RunPython(confirm_filed, migrations.RunPython.noop)]
