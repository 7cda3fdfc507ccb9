"""On PostgreSQL an index finds whose number or name begins with a word, whatever its case."""

from django.db import migrations

FIELDS = ("number", "family_name", "given_name")


def create(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for field in FIELDS:
        schema_editor.execute(
            f"CREATE INDEX patient_{field}_begins ON patients_patient"
            f' (clinic_id, UPPER("{field}"::text) text_pattern_ops)'
        )


def drop(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for field in FIELDS:
        schema_editor.execute(f"DROP INDEX patient_{field}_begins")


class Migration(migrations.Migration):
    dependencies = [("patients", "0006_classification_items")]

    operations = [migrations.RunPython(create, drop)]
