"""Readings and former names of people, and the keys that they are found by."""

import patients.fields
import patients.rules.person_keys
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from patients.rules import person_keys

BATCH = 1000


def fill_keys(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make the keys of the people who are on file."""
    people = apps.get_model("patients", "Patient").objects
    waiting = []
    for person in people.iterator(chunk_size=BATCH):
        person.search_key = person_keys.search_key(person)
        person.name_key = person_keys.name_key(person)
        person.number_key = person_keys.number_key(person)
        waiting.append(person)
        if len(waiting) == BATCH:
            people.bulk_update(waiting, ["search_key", "name_key", "number_key"])
            waiting.clear()
    people.bulk_update(waiting, ["search_key", "name_key", "number_key"])


class Migration(migrations.Migration):

    dependencies = [
        ('patients', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='historicalpatient',
            name='family_name_reading',
            field=models.CharField(blank=True, max_length=80, verbose_name='family name, reading'),
        ),
        migrations.AddField(
            model_name='historicalpatient',
            name='former_names',
            field=models.CharField(blank=True, max_length=200, verbose_name='former names'),
        ),
        migrations.AddField(
            model_name='historicalpatient',
            name='given_name_reading',
            field=models.CharField(blank=True, max_length=80, verbose_name='given name, reading'),
        ),
        migrations.AddField(
            model_name='patient',
            name='family_name_reading',
            field=models.CharField(blank=True, max_length=80, verbose_name='family name, reading'),
        ),
        migrations.AddField(
            model_name='patient',
            name='former_names',
            field=models.CharField(blank=True, max_length=200, verbose_name='former names'),
        ),
        migrations.AddField(
            model_name='patient',
            name='given_name_reading',
            field=models.CharField(blank=True, max_length=80, verbose_name='given name, reading'),
        ),
        migrations.AddField(
            model_name='patient',
            name='name_key',
            field=patients.fields.DerivedKeyField(derive=patients.rules.person_keys.name_key, max_length=700),
        ),
        migrations.AddField(
            model_name='patient',
            name='number_key',
            field=patients.fields.DerivedKeyField(derive=patients.rules.person_keys.number_key, max_length=40),
        ),
        migrations.AddField(
            model_name='patient',
            name='search_key',
            field=patients.fields.DerivedKeyField(derive=patients.rules.person_keys.search_key, max_length=700),
        ),
        migrations.AlterField(
            model_name='historicalpatient',
            name='given_name',
            field=models.CharField(blank=True, max_length=80, verbose_name='given name'),
        ),
        migrations.AlterField(
            model_name='patient',
            name='given_name',
            field=models.CharField(blank=True, max_length=80, verbose_name='given name'),
        ),
        migrations.RunPython(fill_keys, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name='patient',
            index=models.Index(fields=['clinic', 'name_key'], name='patient_name_key'),
        ),
        migrations.AddIndex(
            model_name='patient',
            index=models.Index(fields=['clinic', 'number_key'], name='patient_number_key'),
        ),
        migrations.AddIndex(
            model_name='patient',
            index=models.Index(fields=['clinic', 'birth'], name='patient_birth'),
        ),
    ]
