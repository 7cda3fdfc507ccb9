"""What is read of a whole clinic in columns is, patient by patient, what their facts say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import chain

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Clinic, User
from analytics.columns import everybody_started, reading
from analytics.loading import load_batches
from analytics.outcomes import Started, started
from dosing.rules.thresholds import STUDY
from patients.models import Patient
from tests.analytics.columns.odd_clinic import DAY_0, OddClinic
from tests.factories_accounts import ClinicFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
# Before the first dose, in the first days, in the time of week 52 and around its end, long after.
CUT_OFFS = [DAY_0 + timedelta(days=days) for days in (-1, 0, 2, 300, 340, 364, 392, 393, 2000)]


def by_facts(clinic: Clinic, cut_off: date) -> list[Started]:
    keys = list(Patient.objects.filter(clinic=clinic).order_by("pk").values_list("pk", flat=True))
    found = [started(facts, cut_off) for facts in chain.from_iterable(load_batches(keys))]
    return [one for one in found if one is not None]


@pytest.fixture
def odd(clinic: Clinic, doctor: User) -> Clinic:
    OddClinic(clinic, doctor, seed=1, patients=150)
    return clinic


def test_of_whatever_the_tables_can_hold(odd: Clinic) -> None:
    how_many = []
    for cut_off in CUT_OFFS:
        expected = by_facts(odd, cut_off)
        for one, other in zip(everybody_started(odd, cut_off), expected, strict=True):
            assert one == other, (cut_off, one.key)
        how_many.append(len(expected))
    assert how_many[0] == 0 and how_many[-1] > 60


def test_the_odd_clinic_has_each_case(odd: Clinic) -> None:
    """Otherwise the comparison would prove little."""
    found = by_facts(odd, CUT_OFFS[-1])
    values = [value for one in found for week in (one.week_0, one.week_52) for value in week.values.values()]
    reasons = {value.reason.text for value in values if value.reason}
    assert reasons == {
        "no visit of that week", "not measured", "dose not known", "SLEDAI not complete",
        "measured by another method than before", "creatinine known as a limit only",
        "the equation is for adults",
    }  # fmt: skip
    assert {value.comparator for value in values} == {"", "<", ">"}
    assert {value.side.value for value in values} == {"below", "within", "above", "unknown"}
    assert {one.entry.serology_only for one in found} == {True, False, None}
    assert {one.entry.high_prednisolone for one in found} == {True, False, None}
    for flag in ("prior_immunosuppressant", "statin", "arb_or_ace_inhibitor"):
        assert {getattr(one.entry, flag) for one in found} == {True, False}, flag
    assert {(one.staying.stopped, one.staying.left) for one in found} == {
        (True, False), (False, True), (False, False),
    }  # fmt: skip
    assert max(len(one.staying.doses) for one in found) > 1


def test_of_the_study(clinic: Clinic, doctor: User) -> None:
    call_command("load_study_cohort", verbosity=0)
    study = Clinic.objects.get(is_reconstruction=True)
    for cut_off in (date(2012, 1, 1), date(2014, 1, 1)):
        found = everybody_started(study, cut_off)
        assert found == by_facts(study, cut_off)
    assert len(found) == 38


def test_by_another_threshold(odd: Clinic) -> None:
    """A clinic may let an older visit count for week 0."""
    longer = replace(STUDY, visit_max_age_days=120)
    keys = list(Patient.objects.filter(clinic=odd).order_by("pk").values_list("pk", flat=True))
    expected = [started(facts, CUT_OFFS[-1], longer) for facts in chain.from_iterable(load_batches(keys))]
    found = everybody_started(odd, CUT_OFFS[-1], longer)
    assert found == [one for one in expected if one is not None]
    assert found != everybody_started(odd, CUT_OFFS[-1])


def test_another_clinic_is_not_read(odd: Clinic) -> None:
    assert everybody_started(ClinicFactory(name="South"), CUT_OFFS[-1]) == []


def statements(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many are sent, copies too, which the connection does not count."""
    copied = []
    read = reading._copied
    monkeypatch.setattr(reading, "_copied", lambda *given: copied.append(1) or read(*given))
    with CaptureQueriesContext(connection) as seen:
        everybody_started(clinic, CUT_OFFS[-1])
    monkeypatch.undo()
    return len(seen) + len(copied)


def test_as_many_statements_for_ten_as_for_a_hundred(
    clinic: Clinic, doctor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    OddClinic(clinic, doctor, seed=2, patients=10)
    other = ClinicFactory(name="South")
    OddClinic(other, doctor, seed=3, patients=100)
    few, many = statements(clinic, monkeypatch), statements(other, monkeypatch)
    assert few == many <= 14
