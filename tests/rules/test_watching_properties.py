"""What holds of all alerts and planned work, whatever is known of a patient on tacrolimus: nothing raises,
neither the order of facts nor what is dated later matters, and what no rule reads changes nothing."""

from dataclasses import fields, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from dosing.alerts.rule_labels import RULES, WORK
from dosing.rules.treatment import Treatment
from dosing.rules.watching import alert_findings, task_findings
from patients.rules.record import Episode, Record
from patients.rules.verdict_json import verdict_to_json
from tests.properties import sample
from tests.rules.arbitrary_treatments import case_at, patients_on_tacrolimus
from tests.rules.records import ON, laboratory

Patient = tuple[Record, Treatment]
WIDE = sample(8)


def found(record: Record, treatment: Treatment) -> tuple[list[Any], list[Any]]:
    """Every alert with its words and evidence, and all planned work, in one order."""
    case = case_at(record, treatment)
    alerts = [
        (row.rule, row.subject, row.severity, str(verdict_to_json(row.verdict)))
        for row in alert_findings(case)
    ]
    work = [
        (row.kind, row.subject, row.due_on, row.overdue_from, row.sentence) for row in task_findings(case)
    ]
    return sorted(alerts), sorted(work, key=lambda row: row[:2])


def shuffled(facts: Any, random: Any) -> Any:
    """The same facts with each of their kinds in another order."""
    rows = {each.name: getattr(facts, each.name) for each in fields(facts)}
    lists = {name: rows[name] for name in rows if isinstance(rows[name], tuple)}
    return replace(facts, **{name: tuple(random.sample(row, len(row))) for name, row in lists.items()})


@WIDE
@given(patient=patients_on_tacrolimus())
def test_no_rule_raises_and_all_can_be_shown(patient: Patient) -> None:
    case = case_at(*patient)
    for alert in alert_findings(case):
        assert alert.rule in RULES
        assert alert.verdict.sentence.text % dict(alert.verdict.sentence.values)
    for work in task_findings(case):
        assert work.kind in WORK
        assert work.due_on <= work.overdue_from
        assert work.sentence.text % dict(work.sentence.values)


@WIDE
@given(patient=patients_on_tacrolimus(), random=st.randoms(use_true_random=False))
def test_the_order_of_facts_does_not_matter(patient: Patient, random: Any) -> None:
    record, treatment = patient
    assert found(shuffled(record, random), shuffled(treatment, random)) == found(record, treatment)


@WIDE
@given(patient=patients_on_tacrolimus())
def test_what_is_dated_later_does_not_exist(patient: Patient) -> None:
    record, treatment = patient
    assert found(record.as_of(ON), treatment.as_of(ON)) == found(record, treatment)


@WIDE
@given(patient=patients_on_tacrolimus(), days=st.integers(0, 200))
def test_what_no_rule_reads_changes_nothing(patient: Patient, days: int) -> None:
    """Issue: "a fact that no rule of an alert reads never changes it". None reads ANA or atovaquone."""
    record, treatment = patient
    day = ON - timedelta(days=days)
    unread = replace(
        record,
        laboratory=(*record.laboratory, laboratory(3_000_000, "ana", day, finding="positive")),
        episodes=(*record.episodes, Episode(3_000_001, "atovaquone", day, Decimal(20))),
    )
    assert found(unread, treatment) == found(record, treatment)
