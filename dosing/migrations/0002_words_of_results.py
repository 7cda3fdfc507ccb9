from django.db import migrations

from dosing.assessment.upgrade import mark_for_reassessment


class Migration(migrations.Migration):
    """Converted results, bounds and HBV-DNA are worded otherwise: what rules stored of them follows."""

    dependencies = [("dosing", "0001_initial"), ("patients", "0005_results_as_printed")]

    operations = [migrations.RunPython(mark_for_reassessment, migrations.RunPython.noop)]
