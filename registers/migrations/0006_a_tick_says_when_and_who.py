from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registers", "0005_when_old_forms_were_signed")]

    operations = [
        migrations.AddConstraint(
            model_name="deposit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("signature_by__isnull", False),
                        ("signed", True),
                        ("signed_at__isnull", False),
                    ),
                    models.Q(
                        ("signature_by__isnull", True),
                        ("signed", False),
                        ("signed_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="deposit_signed_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="keycustody",
            constraint=models.CheckConstraint(
                condition=models.Q(("disclaimer_told", True), ("unit__isnull", False)),
                name="key_is_entrusted_in_writing",
            ),
        ),
        migrations.AddConstraint(
            model_name="keycustody",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("owner_signed", True),
                        ("signature_by__isnull", False),
                        ("signed_at__isnull", False),
                    ),
                    models.Q(
                        ("owner_signed", False),
                        ("signature_by__isnull", True),
                        ("signed_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="key_signed_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="keycustody",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("owner_signed", True),
                    models.Q(("status__in", ["asked", "approved", "lent"]), _negated=True),
                    _connector="OR",
                ),
                name="key_lent_only_if_signed",
            ),
        ),
    ]
