"""A report of nobody, and of one patient, with its real files."""

import pytest

from accounts.models import User
from analytics import tasks
from analytics.models import Report, ReportState
from patients.models import Patient

pytestmark = pytest.mark.django_db


def test_none(report: Report) -> None:
    """The real files too: nothing may break where there is nothing to calculate with."""
    assert tasks.make_report(report.pk)
    row = Report.objects.get(pk=report.pk)
    assert (row.state, row.patients, row.files.count()) == (ReportState.FINISHED, 0, 4)
    assert "ot estimable" in row.document


def test_one_on_tacrolimus(report: Report, people: list[Patient], stranger: User) -> None:
    Patient.objects.filter(pk=people[1].pk).update(clinic=stranger.own_clinics[0])
    assert tasks.make_report(report.pk)
    row = Report.objects.get(pk=report.pk)
    assert (row.state, row.patients) == (ReportState.FINISHED, 1)
