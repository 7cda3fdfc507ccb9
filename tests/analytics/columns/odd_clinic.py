"""A clinic of invented patients with whatever the tables can hold near the days that a report asks about.

Made by chance from a seed and written past the services: doses beside each other, stress cover, unknown
doses, other methods and bounds, several treatments, pauses, facts entered in error, visits not signed,
results at midnight.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from accounts.models import Clinic, User
from dosing.models import Decision, DecisionKind, TacrolimusCourse, TacrolimusLevel
from patients.models import (
    Administration,
    Assay,
    DoseEpisode,
    Laboratory,
    LaboratoryResult,
    Patient,
    PriorUse,
    Visit,
)
from patients.rules.findings import SYMPTOMS
from patients.rules.sledai import ITEMS

DAY_0 = date(2023, 3, 1)
TOKYO = ZoneInfo("Asia/Tokyo")
STEROIDS = ("methylprednisolone", "betamethasone", "hydrocortisone")
OTHERS = ("azathioprine", "mizoribine", "atorvastatin", "candesartan", "enalapril", "hydroxychloroquine", "")
MG = ("0", "2.5", "5", "10", "12.5", "20", None)


class OddClinic:
    """Writes the rows; patients: how many."""

    def __init__(self, clinic: Clinic, by: User, seed: int, patients: int) -> None:
        self._chance, self._by, self._clinic = Random(seed), by, clinic
        self._places = [
            Laboratory.objects.create(clinic=clinic, name=name)
            for name in ("Here (invented)", "There (invented)")
        ]
        Assay.objects.create(laboratory=self._places[0], analyte="c3", lower_limit=Decimal(73))
        Assay.objects.create(
            laboratory=self._places[1], analyte="dsdna", method="RIA", upper_limit=Decimal(6)
        )
        for number in range(patients):
            self._patient(number)

    def _one_in(self, of: int) -> bool:
        return self._chance.randrange(of) == 0

    def _any(self, *values: Any) -> Any:
        return self._chance.choice(values)

    def _some(self, names: tuple[str, ...], *how_many: int) -> list[str]:
        """Each at most once: episodes of one drug do not overlap."""
        return self._chance.sample(names, self._any(*how_many))

    def _day(self, *around: tuple[int, int]) -> date:
        return DAY_0 + timedelta(days=self._chance.randint(*self._chance.choice(around)))

    def _patient(self, number: int) -> None:
        patient = Patient.objects.create(
            clinic=self._clinic, number=f"odd-{number}", family_name="Odd", given_name=str(number),
            sex=self._any("F", "F", "M"), birth=self._any("1980", "1991-05", "1975-02-28", "2006-11-30"),
            renal_involvement=self._any(True, False, None),
        )  # fmt: skip
        self._known = {"patient": patient, "created_by": self._by}
        first = self._tacrolimus()
        self._other_doses()
        self._visits()
        self._results()
        if first is not None:
            self._course(first)
        if self._one_in(3):
            self._level()

    def _fact(self, kind: type[Any], **fields: Any) -> Any:
        """One row; a few are entered in error."""
        if self._one_in(12):
            fields |= {"voided_at": timezone.now(), "voided_by": self._by, "void_reason": "wrong patient"}
        row = kind(**self._known, **fields)
        row.skip_history_when_saving = True
        row.save()
        return row

    def _episode(self, drug: str, start: date, days: int | None, mg: str | None, **more: Any) -> DoseEpisode:
        return self._fact(
            DoseEpisode, drug=drug, drug_text="" if drug else "a free text", start=start,
            last_day=None if days is None else start + timedelta(days=days),
            dose_mg=None if mg is None else Decimal(mg),
            **{"schedule": self._any("daily", "daily", "daily", "alternate_days", "weekly"), **more},
        )  # fmt: skip

    def _tacrolimus(self) -> DoseEpisode | None:
        """None, one, or several doses, with gaps around the length of a pause."""
        start = DAY_0 + timedelta(days=self._any(0, 0, 0, 1, 2))
        found = []
        for _dose in range(self._any(0, 1, 1, 2, 3)):
            days = self._any(None, 3, 100, 364, 500)
            found.append(
                self._episode("tacrolimus", start, days, self._any("3", "2", "0", None), schedule="daily")
            )
            if days is None:
                break
            start += timedelta(days=days + self._any(1, 1, 28, 29, 60))
        return found[0] if found else None

    def _other_doses(self) -> None:
        self._prednisolone()
        for steroid in self._some(STEROIDS, 0, 0, 1, 2):
            start, days = self._day((-200, -1), (-2, 2), (300, 380)), self._any(None, 0, 2, 30, 400)
            self._episode(
                steroid, start, days, self._any(*MG),
                purpose=self._any("sle", "sle", "stress_cover", "other"),
                route=self._any("oral", "oral", "intravenous", "topical"),
            )  # fmt: skip
        for other in self._some(OTHERS, 0, 1, 2, 3):
            start, days = self._day((-400, -1), (0, 0), (1, 50)), self._any(None, 0, 30, 400)
            self._episode(other, start, days, self._any("50", "0", None))
        if self._one_in(4):
            drug = self._any("cyclophosphamide", "rituximab", "methylprednisolone")
            self._fact(Administration, drug=drug, on=self._day((-300, 30)))
        if self._one_in(5):
            self._fact(
                PriorUse, drug=self._any("azathioprine", "atorvastatin"), stated_on=self._day((-30, 400))
            )

    def _prednisolone(self) -> None:
        """One dose after the other, with and without a gap; short ones are now and then stress cover."""
        start = DAY_0 - timedelta(days=self._any(2, 20, 200))
        for _dose in range(self._any(0, 1, 3, 6)):
            days = self._any(0, 1, 2, 40, 200, None)
            purpose = "stress_cover" if days in (0, 1, 2) and self._one_in(2) else "sle"
            self._episode("prednisolone", start, days, self._any(*MG), purpose=purpose)
            if days is None:
                return
            start += timedelta(days=days + self._any(1, 1, 1, 5))

    def _visits(self) -> None:
        days = {
            self._day((-130, -100), (-95, 2), (330, 400), (360, 368)) for _visit in range(self._any(0, 3, 6))
        }
        for day in sorted(days):
            signed = {} if self._one_in(8) else {"signed_at": timezone.now(), "signed_by": self._by}
            complete = self._one_in(2)
            answers = {
                f"sledai_{item.code}": self._any(False, False, True, *(() if complete else (None,)))
                for item in ITEMS
            }
            quiet = self._one_in(3)
            if quiet:
                answers = {code: code.endswith(("low_complement", "dna_binding")) for code in answers}
            severities = {f"{code}_severity": self._any(0, 1, 3, None) for code in SYMPTOMS}
            self._fact(Visit, on=day, **signed, **answers, **severities)

    def _results(self) -> None:
        taken = set()
        for _result in range(self._any(0, 8, 20)):
            day = self._day((-60, -50), (-10, 2), (305, 340), (355, 375), (390, 425))
            clock = self._any((0, 0), (8, 59), (9, 0), (23, 59))
            row = {
                "analyte": self._any("c3", "dsdna", "upcr", "creatinine", "creatinine", "c4"),
                "collected_at": datetime(day.year, day.month, day.day, *clock, tzinfo=TOKYO),
                "laboratory": self._any(*self._places),
                "method": self._any("", "RIA", "CLEIA"),
            }
            key = tuple(row.values())
            if key not in taken:
                taken.add(key)
                self._result(row)

    def _result(self, row: dict[str, Any]) -> None:
        value = Decimal(self._chance.randint(1, 12000)) / self._any(1, 10, 100)
        self._fact(
            LaboratoryResult, **row, value=value, entered=str(value),
            comparator=self._any("", "", "", "<", ">"),
            lower_limit=self._any(None, None, Decimal("86")),
            upper_limit=self._any(None, None, Decimal("160.000001")),
        )  # fmt: skip

    def _course(self, first: DoseEpisode) -> None:
        decision = Decision.objects.create(
            answer="",
            gate="",
            patient=self._known["patient"],
            kind=DecisionKind.START,
            on=first.start,
            created_by=self._by,
            verdict={},
            safety={},
            dose_mg=Decimal(3),
        )
        ended = self._any(None, first.last_day, DAY_0 + timedelta(days=self._any(100, 500)))
        self._fact(
            TacrolimusCourse, decision=decision, first_episode=first, started_on=first.start, ended_on=ended,
            end_reason_code=self._any("side_effect", "care_elsewhere") if ended else "",
        )  # fmt: skip

    def _level(self) -> None:
        self._fact(
            TacrolimusLevel, drawn_at=datetime(2023, 9, 1, 9, tzinfo=TOKYO), value_ng_ml=Decimal("6.1"),
            laboratory=self._places[0],
        )  # fmt: skip
