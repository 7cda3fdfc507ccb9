"""Alerts and tasks know their patient's clinic, and the worklist is one range of an index."""

import django.db.models.deletion
from django.db import migrations, models


def fill(apps, schema_editor):
    Patient = apps.get_model("patients", "Patient")
    for name in ("Alert", "Task", "HistoricalAlert", "HistoricalTask"):
        model = apps.get_model("dosing", name)
        clinic = Patient.objects.filter(pk=models.OuterRef("patient_id")).values("clinic_id")[:1]
        model.objects.filter(clinic_id__isnull=True).update(clinic_id=models.Subquery(clinic))


def of_clinic(null):
    return models.ForeignKey(
        "accounts.clinic", null=null, on_delete=django.db.models.deletion.PROTECT, related_name="+"
    )


class Migration(migrations.Migration):
    # A data step and index changes on the same tables do not share a transaction on PostgreSQL.
    atomic = False

    dependencies = [("dosing", "0005_sweeps_of_a_clinic"), ("accounts", "0001_initial"), ("patients", "0001_initial")]

    operations = [
        migrations.AddField("alert", "clinic", of_clinic(True)),
        migrations.AddField("task", "clinic", of_clinic(True)),
        *[
            migrations.AddField(
                f"historical{name}",
                "clinic",
                models.ForeignKey(
                    "accounts.clinic", blank=True, null=True, db_constraint=False, related_name="+",
                    on_delete=django.db.models.deletion.DO_NOTHING,
                ),
            )
            for name in ("alert", "task")
        ],
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField("alert", "clinic", of_clinic(False)),
        migrations.AlterField("task", "clinic", of_clinic(False)),
    ]
