"""The criteria as rows of a page, live or as stored with a decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dosing.rules.criteria import TITLES, Assessment
from patients.rules.verdict import Verdict
from patients.rules.verdict_json import verdict_from_json

# What is missing comes first, then what is against, then what is met.
ORDER = {"cannot_tell": 0, "not_met": 1, "met": 2}


@dataclass(frozen=True)
class CriterionRow:
    """One criterion: its id, title and verdict."""

    id: str
    title: str
    verdict: Verdict

    @property
    def answer(self) -> str:
        return self.verdict.answer.value


def checklist(assessment: Assessment) -> list[CriterionRow]:
    """The rows of a live assessment."""
    return _rows(assessment.criteria)


def stored_checklist(stored: Mapping[str, Any]) -> list[CriterionRow]:
    """The rows of an assessment as stored with a decision."""
    return _rows({key: verdict_from_json(data) for key, data in stored["criteria"].items()})


def _rows(criteria: Mapping[str, Verdict]) -> list[CriterionRow]:
    rows = [CriterionRow(key, TITLES[key], verdict) for key, verdict in criteria.items()]
    return sorted(rows, key=lambda row: ORDER[row.answer])
