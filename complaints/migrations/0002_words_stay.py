"""The resident's words are closed: the database itself refuses to change them."""

from django.db import migrations

# A complaint that was wrongly heard is corrected by a note beside it, never by another text.
POSTGRESQL = [
    """
    CREATE FUNCTION complaint_words_stay() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION 'the words of a complaint are never changed';
    END
    $$
    """,
    """
    CREATE TRIGGER complaint_words_stay BEFORE UPDATE ON complaints_complaint
    FOR EACH ROW WHEN (OLD.content IS DISTINCT FROM NEW.content OR OLD.demand IS DISTINCT FROM NEW.demand)
    EXECUTE FUNCTION complaint_words_stay()
    """,
]
SQLITE = [
    """
    CREATE TRIGGER complaint_words_stay BEFORE UPDATE ON complaints_complaint
    WHEN OLD.content IS NOT NEW.content OR OLD.demand IS NOT NEW.demand
    BEGIN
      SELECT RAISE(ABORT, 'the words of a complaint are never changed');
    END
    """,
]
FORWARD = {"postgresql": POSTGRESQL, "sqlite": SQLITE}
BACKWARD = {
    "postgresql": [
        "DROP TRIGGER complaint_words_stay ON complaints_complaint",
        "DROP FUNCTION complaint_words_stay()",
    ],
    "sqlite": ["DROP TRIGGER complaint_words_stay"],
}


def _run(statements):
    def step(apps, schema_editor):
        for statement in statements.get(schema_editor.connection.vendor, ()):
            schema_editor.execute(statement, params=None)

    return step


class Migration(migrations.Migration):
    dependencies = [("complaints", "0001_initial")]

    operations = [migrations.RunPython(_run(FORWARD), _run(BACKWARD))]
