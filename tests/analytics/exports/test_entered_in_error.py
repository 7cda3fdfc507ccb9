"""What was entered in error leaves with no export."""

from django.utils import timezone

from accounts.models import Clinic, User
from analytics.exports.tables import TABLES
from patients.models import Fact, Patient
from tests.analytics.exports.reading import export_of


def test_it_is_in_no_table(clinic: Clinic, doctor: User, people: list[Patient]) -> None:
    tables = [table for table in TABLES if issubclass(table.rows.model, Fact)]
    before = export_of(clinic, identified=True, wide=False)
    for table in tables:
        wrong = table.rows.filter(patient__clinic=clinic).earliest("pk")
        table.rows.model.objects.filter(pk=wrong.pk).update(
            voided_at=timezone.now(), voided_by=doctor, void_reason="wrong patient"
        )
    after = export_of(clinic, identified=True, wide=False)
    assert len(tables) == len(TABLES) - 1, "all but the patients"
    for table in tables:
        assert len(after.rows(table.name)) == len(before.rows(table.name)) - 1, table.name
