"""How a clinic writes a day in two numbers; what clinics on file do is taken from where they are."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

DAY_FIRST = ("Europe/", "Africa/", "Australia/", "Indian/", "Pacific/Auckland", "America/Sao_Paulo")


def follow_the_zone(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Day first in most of the world; month first in Japan and the United States."""
    for clinic in apps.get_model("accounts", "Clinic").objects.all():
        if clinic.time_zone.startswith(DAY_FIRST):
            clinic.date_order = "day_first"
            clinic.save(update_fields=["date_order"])


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='clinic',
            name='date_order',
            field=models.CharField(choices=[('month_first', 'month first: 11/27'), ('day_first', 'day first: 27/11')], default='month_first', max_length=12, verbose_name='days in numbers'),
        ),
        migrations.AddField(
            model_name='historicalclinic',
            name='date_order',
            field=models.CharField(choices=[('month_first', 'month first: 11/27'), ('day_first', 'day first: 27/11')], default='month_first', max_length=12, verbose_name='days in numbers'),
        ),
        migrations.RunPython(follow_the_zone, migrations.RunPython.noop),
    ]
