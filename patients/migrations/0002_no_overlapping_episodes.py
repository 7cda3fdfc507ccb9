"""On PostgreSQL the database itself refuses two standing episodes of one drug on one day."""

from django.db import migrations

CREATE = """
CREATE EXTENSION IF NOT EXISTS btree_gist;
ALTER TABLE patients_doseepisode ADD CONSTRAINT episodes_of_a_drug_do_not_overlap
EXCLUDE USING gist (patient_id WITH =, drug WITH =, daterange(start, last_day, '[]') WITH &&)
WHERE (voided_at IS NULL AND drug <> '');
"""
DROP = "ALTER TABLE patients_doseepisode DROP CONSTRAINT IF EXISTS episodes_of_a_drug_do_not_overlap;"


def on_postgresql(statements):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(statements)

    return run


class Migration(migrations.Migration):
    dependencies = [("patients", "0001_initial")]

    operations = [migrations.RunPython(on_postgresql(CREATE), on_postgresql(DROP))]
