from django.db import migrations, models


def say_that_one_was_left(apps, schema_editor):
    """Before, a try only knew that a message had been left, not which words."""
    tries = apps.get_model("visits", "CallbackTry").objects.filter(is_message=True)
    tries.update(message="已留言")


class Migration(migrations.Migration):
    dependencies = [("visits", "0002_call_methods_and_dropped")]

    operations = [
        migrations.AddField(
            model_name="callbacktry",
            name="message",
            field=models.TextField(blank=True, max_length=500, verbose_name="发给业户的话"),
        ),
        migrations.RunPython(say_that_one_was_left, migrations.RunPython.noop),
        migrations.RemoveField(model_name="callbacktry", name="is_message"),
    ]
