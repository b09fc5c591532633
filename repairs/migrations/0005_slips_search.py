"""On PostgreSQL: a generated column of character pairs with a GIN index (docs/adr/0004)."""

from django.db import migrations

FORWARD = [
    # Pairs of neighbouring characters of what people write, so that any two characters are found
    # by an index; whole numbers and phones, and their last four digits, under their own marks.
    # A loop: as one query its planning alone costs milliseconds for every row written.
    r"""
    CREATE FUNCTION repair_grams(number text, content text, place text, name text, phone text)
    RETURNS tsvector LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
    DECLARE
      run text;
      marks text[] := ARRAY[
        'n:' || lower(number), 'n:' || regexp_replace(number, '^[A-Za-z]+', ''),
        'n:' || right(number, 4), 'p:' || phone, 'p:' || right(phone, 4)
      ];
    BEGIN
      FOREACH run IN ARRAY regexp_split_to_array(
        lower(content || ' ' || place || ' ' || name),
        '[\s!-/:-@\[-`{-~，。、；：？！“”‘’（）《》【】…—·]+'
      ) LOOP
        FOR at IN 1 .. length(run) - 1 LOOP
          marks := marks || substr(run, at, 2);
        END LOOP;
      END LOOP;
      RETURN array_to_tsvector(marks);
    END
    $$
    """,
    """
    ALTER TABLE repairs_repair ADD COLUMN grams tsvector
    GENERATED ALWAYS AS (repair_grams(number, content, "where", contact_name, contact_phone)) STORED
    """,
    "CREATE INDEX repair_search ON repairs_repair USING gin (grams) WITH (fastupdate = off)",
]
BACKWARD = [
    "ALTER TABLE repairs_repair DROP COLUMN grams",
    "DROP FUNCTION repair_grams(text, text, text, text, text)",
]


def _run(statements):
    def step(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            for statement in statements:
                schema_editor.execute(statement, params=None)

    return step


class Migration(migrations.Migration):
    dependencies = [("repairs", "0004_slips_list_indexes")]

    operations = [migrations.RunPython(_run(FORWARD), _run(BACKWARD))]
