"""Reports of a cohort and exports of data."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.create_models import CreateModels


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name='Report',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('cut_off', models.DateField(verbose_name='data up to')),
                        ('first_from', models.DateField(blank=True, null=True, verbose_name='first dose from')),
                        ('first_to', models.DateField(blank=True, null=True, verbose_name='first dose up to')),
                        ('renal_involvement', models.BooleanField(blank=True, null=True, verbose_name='renal involvement')),
                        ('asked_at', models.DateTimeField(auto_now_add=True)),
                        ('state', models.CharField(choices=[('waiting', 'waiting for the worker'), ('running', 'being made'), ('finished', 'finished'), ('failed', 'failed'), ('cancelled', 'cancelled'), ('deleted', 'deleted')], default='waiting', max_length=20)),
                        ('claim', models.UUIDField(blank=True, editable=False, null=True)),
                        ('attempts', models.PositiveSmallIntegerField(default=0)),
                        ('heartbeat', models.DateTimeField(auto_now_add=True)),
                        ('step', models.CharField(blank=True, max_length=100)),
                        ('done', models.PositiveIntegerField(default=0)),
                        ('total', models.PositiveIntegerField(default=0)),
                        ('finished_at', models.DateTimeField(blank=True, null=True)),
                        ('failure', models.CharField(blank=True, max_length=300)),
                        ('code_version', models.CharField(blank=True, max_length=40)),
                        ('snapshot', models.CharField(blank=True, max_length=64)),
                        ('patients', models.PositiveIntegerField(blank=True, null=True)),
                        ('document', models.TextField(blank=True)),
                        ('gaps', models.JSONField(blank=True, default=list, editable=False)),
                        ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('clinic', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['clinic', '-asked_at'], name='analytics_r_clinic__f1097e_idx'), models.Index(fields=['state', 'heartbeat'], name='analytics_r_state_d76d78_idx')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'running', 'finished', 'failed', 'cancelled', 'deleted'])), name='report_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'finished'), _negated=True), models.Q(('document', ''), _negated=True), _connector='OR'), name='finished_report_says_something'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'running'), _negated=True), ('claim__isnull', False), _connector='OR'), name='running_report_is_claimed')],
                    },
                ),
                migrations.CreateModel(
                    name='DataExport',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField(auto_now_add=True)),
                        ('kind', models.CharField(choices=[('identified', 'Identified'), ('de_identified', 'De-identified')], max_length=20, verbose_name='kind')),
                        ('shape', models.CharField(choices=[('long', 'Long: a row a fact'), ('wide', 'Wide: a row a patient'), ('both', 'Both')], max_length=10, verbose_name='shape')),
                        ('reason', models.CharField(max_length=300, verbose_name='reason')),
                        ('columns', models.JSONField()),
                        ('patients', models.PositiveIntegerField(verbose_name='patients')),
                        ('rows', models.PositiveBigIntegerField(verbose_name='rows')),
                        ('sha256', models.CharField(max_length=64)),
                        ('bytes', models.PositiveBigIntegerField()),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('clinic', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['clinic', '-at'], name='analytics_d_clinic__7b6c38_idx')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='data_export_has_a_reason'), models.CheckConstraint(condition=models.Q(('kind__in', ['identified', 'de_identified'])), name='data_export_kind_known'), models.CheckConstraint(condition=models.Q(('shape__in', ['long', 'wide', 'both'])), name='data_export_shape_known')],
                    },
                ),
                migrations.CreateModel(
                    name='ReportAct',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('act', models.CharField(choices=[('cancelled', 'cancelled'), ('retried', 'asked for again'), ('deleted', 'deleted')], max_length=10)),
                        ('at', models.DateTimeField(auto_now_add=True)),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='acts', to='analytics.report')),
                    ],
                    options={
                        'ordering': ('at', 'pk'),
                        'constraints': [models.CheckConstraint(condition=models.Q(('act__in', ['cancelled', 'retried', 'deleted'])), name='report_act_known')],
                    },
                ),
                migrations.CreateModel(
                    name='ReportFile',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(max_length=10)),
                        ('name', models.CharField(max_length=60)),
                        ('sha256', models.CharField(max_length=64)),
                        ('bytes', models.PositiveIntegerField()),
                        ('content', models.BinaryField()),
                        ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='analytics.report')),
                    ],
                    options={
                        'ordering': ('pk',),
                        'constraints': [models.UniqueConstraint(fields=('report', 'kind'), name='one_file_of_a_kind')],
                    },
                ),
            ]
        ),
    ]
