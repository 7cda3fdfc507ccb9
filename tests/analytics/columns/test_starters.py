"""What is read of a whole clinic in columns is, patient by patient, what their facts say."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Clinic, User
from analytics.columns import everybody_started, reading
from dosing.rules.thresholds import STUDY
from tests.analytics.columns.by_facts import by_facts
from tests.analytics.columns.odd_clinic import DAY_0, OddClinic
from tests.factories_accounts import ClinicFactory, UserFactory
from tests.sharing import made_once

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
# Before the first dose, in the first days, in the time of week 52 and around its end, long after.
CUT_OFFS = [DAY_0 + timedelta(days=days) for days in (-1, 0, 2, 300, 340, 364, 392, 393, 2000)]


@made_once
def odd() -> Clinic:
    clinic = ClinicFactory(name="Odd")
    OddClinic(clinic, UserFactory(clinics=[clinic]), seed=1, patients=150)
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


def test_by_another_threshold(odd: Clinic) -> None:
    """A clinic may let an older visit count for week 0."""
    longer = replace(STUDY, visit_max_age_days=120)
    expected = by_facts(odd, CUT_OFFS[-1], longer)
    found = everybody_started(odd, CUT_OFFS[-1], longer)
    assert found == expected
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
