"""Sign-ins are read newest first: django-axes keeps no index on their time."""

from django.db import migrations

TABLES = ("axes_accesslog", "axes_accessfailurelog")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_administration"), ("axes", "0010_accessattemptexpiration")]

    operations = [
        migrations.RunSQL(
            f"CREATE INDEX {table}_by_time ON {table} (attempt_time, id)", f"DROP INDEX {table}_by_time"
        )
        for table in TABLES
    ]
