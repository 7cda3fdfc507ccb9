import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('patients', '0004_person_states'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalSheetOrder',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('analytes', models.JSONField(default=list, verbose_name='analytes')),
                ('clinic', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.clinic')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical sheet order',
                'verbose_name_plural': 'historical sheet orders',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='SheetOrder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('analytes', models.JSONField(default=list, verbose_name='analytes')),
                ('clinic', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='sheet_order', to='accounts.clinic')),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='laboratoryresult',
            name='result_comparator_known',
        ),
        migrations.AddField(
            model_name='historicallaboratoryresult',
            name='fasting',
            field=models.BooleanField(blank=True, null=True, verbose_name='fasting'),
        ),
        migrations.AddField(
            model_name='historicallaboratoryresult',
            name='haemolysed',
            field=models.BooleanField(default=False, verbose_name='haemolysed'),
        ),
        migrations.AddField(
            model_name='historicallaboratoryresult',
            name='value_high',
            field=models.DecimalField(blank=True, decimal_places=6, max_digits=16, null=True, verbose_name='upper end of a range'),
        ),
        migrations.AddField(
            model_name='laboratoryresult',
            name='fasting',
            field=models.BooleanField(blank=True, null=True, verbose_name='fasting'),
        ),
        migrations.AddField(
            model_name='laboratoryresult',
            name='haemolysed',
            field=models.BooleanField(default=False, verbose_name='haemolysed'),
        ),
        migrations.AddField(
            model_name='laboratoryresult',
            name='value_high',
            field=models.DecimalField(blank=True, decimal_places=6, max_digits=16, null=True, verbose_name='upper end of a range'),
        ),
        migrations.AlterField(
            model_name='historicallaboratoryresult',
            name='entered',
            field=models.CharField(max_length=60, verbose_name='as entered'),
        ),
        migrations.AlterField(
            model_name='laboratoryresult',
            name='entered',
            field=models.CharField(max_length=60, verbose_name='as entered'),
        ),
        migrations.AddConstraint(
            model_name='laboratoryresult',
            constraint=models.CheckConstraint(condition=models.Q(('comparator__in', ['', '<', '>', '≤', '≥'])), name='result_comparator_known'),
        ),
        migrations.AddConstraint(
            model_name='laboratoryresult',
            constraint=models.CheckConstraint(condition=models.Q(('value_high__isnull', True), models.Q(('comparator', ''), ('value_high__gt', models.F('value'))), _connector='OR'), name='result_range_ends_above_its_beginning'),
        ),
    ]
