"""Readings and former names of people, and the keys that they are found by."""

import django.db.models.deletion
import patients.fields
import patients.rules.person_keys
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from patients.rules import person_keys

BATCH = 1000


def fill_keys(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make the keys of the people who are on file."""
    people, part = apps.get_model("patients", "Patient").objects, apps.get_model("patients", "NamePart")
    for person in people.iterator(chunk_size=BATCH):
        person.save(update_fields=["name_key", "number_key"])
        part.objects.bulk_create(
            part(patient_id=person.pk, text=text.encode(), is_beginning=is_beginning)
            for text, is_beginning in person_keys.search_parts(person).items()
        )


class Migration(migrations.Migration):

    dependencies = [
        ('patients', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='NamePart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.BinaryField(max_length=96)),
                ('is_beginning', models.BooleanField()),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='name_parts', to='patients.patient')),
            ],
            options={
                'indexes': [models.Index(fields=['text', 'is_beginning', 'patient'], name='name_part_text')],
            },
        ),
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
        migrations.RunPython(fill_keys, migrations.RunPython.noop),
    ]
