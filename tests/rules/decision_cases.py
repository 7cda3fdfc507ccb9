"""The decision cases of the clinical specification, section 2.6, as records.

Each runs twice: on the bare record, and through services and loader.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from dosing.rules.safety import Gate
from patients.rules.answers import Answer
from patients.rules.dates import PartialDate
from patients.rules.record import Administration, Attribution, Episode, PriorUse, Record, Symptom
from tests.rules import records as r

ON = r.ON
MET, NOT_MET, CANNOT_TELL = Answer.MET, Answer.NOT_MET, Answer.CANNOT_TELL


@dataclass(frozen=True)
class Case:
    """One row of the table: what is asked, on which day, and what must come out."""

    number: str
    text: str
    build: Callable[[], Record]
    answer: Answer
    on: date = ON
    missing: tuple[str, ...] | None = None
    criterion: str = ""
    criterion_answer: Answer | None = None
    gate: Gate | None = None
    caution: str = ""
    obligations: int = 0
    applicable: bool = True
    tags: tuple[str, ...] = field(default=())

    def __str__(self) -> str:
        return f"{self.number}: {self.text}"


def eligible() -> Record:
    return r.eligible_record(ON)


def no_trigger() -> Record:
    return r.no_trigger(eligible())


def c3(*values: tuple[int, str], base: Callable[[], Record] = no_trigger, **changes: object) -> Record:
    """A record with these C3 values: days before ON, mg/dl."""
    return r.with_laboratory(
        base(), "c3", *((r.before(ON, days), value) for days, value in values), **changes
    )


def first_treated(day: PartialDate) -> Record:
    return r.with_person(eligible(), first_treatment=day)


def steroid(*doses: tuple[int, int | None, str]) -> Record:
    """Prednisolone episodes: first day and last day as days before ON (None: open), mg."""
    return r.with_steroid(
        eligible(),
        *(
            Episode(
                10 + n,
                "prednisolone",
                r.before(ON, first),
                Decimal(mg),
                last_day=None if last is None else r.before(ON, last),
            )
            for n, (first, last, mg) in enumerate(doses)
        ),
    )


def taking(drug: str, days: int, mg: str = "50", last: int | None = None, **changes: object) -> Record:
    """The eligible patient on a further drug since `days` before ON; last: days before ON (may be < 0)."""
    last_day = None if last is None else r.before(ON, last)
    episode = Episode(20, drug, r.before(ON, days), Decimal(mg), last_day=last_day, **changes)  # type: ignore[arg-type]
    return r.with_episodes(eligible(), episode)


def given(drug: str, day: date, mg: str = "500", on: date = ON) -> Record:
    return r.with_administrations(r.eligible_record(on), Administration(30, drug, day, Decimal(mg)))


def oral_cyclophosphamide(on: date) -> Record:
    episode = Episode(30, "cyclophosphamide", date(2024, 9, 1), Decimal(50), last_day=date(2025, 3, 31))
    return r.with_episodes(r.eligible_record(on), episode)


def rash(severity: int, attribution: Attribution | None = Attribution.YES) -> Record:
    return r.with_symptom(eligible(), "rash", Symptom(severity, attribution))


CASES = (
    Case("1", "all met via rash 0→1", eligible, MET),
    Case("2", "only a C3 fall, confirmed", lambda: c3((70, "100"), (28, "82"), (1, "80")), MET),
    Case("2b", "only a C3 fall, unconfirmed", lambda: c3((70, "100"), (1, "82")), CANNOT_TELL,
         missing=("c3_confirmation",)),
    Case("3", "rash and a confirmed C3 fall",
         lambda: c3((70, "100"), (28, "82"), (1, "80"), base=eligible), MET),
    Case("4", "no trigger", no_trigger, NOT_MET, missing=()),
    Case("5", "C3 missing, no symptom worse", c3, CANNOT_TELL, missing=("c3",)),
    Case("6", "C3 missing but arthritis worse",
         lambda: r.with_symptom(c3(), "arthritis", Symptom(2, Attribution.YES)), MET, missing=()),
    Case("7a", "exactly 1 year", lambda: first_treated(PartialDate.on(date(2024, 6, 2))), NOT_MET),
    Case("7b", "1 year and a day", lambda: first_treated(PartialDate.on(date(2024, 6, 1))), MET),
    Case("8", 'first treatment "2024", on 2025-06-01',
         lambda: r.with_person(r.eligible_record(date(2025, 6, 1)), first_treatment=PartialDate.parse("2024")),
         CANNOT_TELL, on=date(2025, 6, 1), missing=("first_treatment",)),
    Case("9a", "PSL change dated on−90", lambda: steroid((300, 91, "12.5"), (90, None, "10")), MET),
    Case("9b", "PSL change dated on−89", lambda: steroid((300, 90, "12.5"), (89, None, "10")), NOT_MET,
         criterion="C2", criterion_answer=NOT_MET),
    Case("10a", "PSL gap of one day", lambda: steroid((300, 41, "10"), (39, None, "10")), CANNOT_TELL,
         missing=("steroid_history",)),
    Case("10b", "PSL gap with a change as well", lambda: steroid((300, 41, "10"), (39, None, "7.5")), NOT_MET),
    Case("11a", "leflunomide started on−60", lambda: taking("leflunomide", 60), NOT_MET,
         criterion="C3", criterion_answer=NOT_MET),
    Case("11b", "leflunomide started on−90", lambda: taking("leflunomide", 90), MET),
    Case("11c", "MTX started on−60, stop planned", lambda: taking("methotrexate", 60, last=-2), NOT_MET,
         criterion="C3", criterion_answer=NOT_MET, obligations=1),
    Case("11d", "MTX started on−90, stop planned", lambda: taking("methotrexate", 90, last=-2), MET,
         obligations=1),
    Case("12b", "CPA last dose 2025-03-31, on 2025-05-01: washed out",
         lambda: given("cyclophosphamide", date(2025, 3, 31), on=date(2025, 5, 1)), NOT_MET,
         on=date(2025, 5, 1), criterion="C4a", criterion_answer=MET),
    Case("12a", "CPA last dose 2025-03-31, on 2025-04-30: not yet",
         lambda: given("cyclophosphamide", date(2025, 3, 31), on=date(2025, 4, 30)), NOT_MET,
         on=date(2025, 4, 30), criterion="C4a", criterion_answer=NOT_MET),
    Case("12c", "oral CPA last taken 2025-03-31, on 2025-04-30", lambda: oral_cyclophosphamide(date(2025, 4, 30)),
         NOT_MET, on=date(2025, 4, 30), criterion="C4a", criterion_answer=NOT_MET),
    Case("12d", "oral CPA last taken 2025-03-31, on 2025-05-01", lambda: oral_cyclophosphamide(date(2025, 5, 1)),
         MET, on=date(2025, 5, 1), caution="this may explain the change"),
    Case("13", "RTX at an unknown date",
         lambda: r.with_prior_uses(eligible(), PriorUse(40, "rituximab", ON)), CANNOT_TELL,
         missing=("rituximab_last_dose",)),
    Case("14a", "CyA active, no stop planned", lambda: taking("ciclosporin", 400), NOT_MET,
         criterion="C4c", criterion_answer=NOT_MET, gate=Gate.CONTRAINDICATED),
    Case("14b", "CyA active, stop planned", lambda: taking("ciclosporin", 400, last=-1), MET,
         gate=Gate.HOLD, obligations=1),
    Case("15", "MZB dose changed",
         lambda: r.with_episodes(
             taking("mizoribine", 400, "150", last=31), Episode(21, "mizoribine", r.before(ON, 30), Decimal(100))
         ), NOT_MET, criterion="C5", criterion_answer=NOT_MET),
    Case("15b", "MZB constant", lambda: taking("mizoribine", 400, "150"), MET, obligations=1),
    Case("16", "active seizure", lambda: r.with_sledai(eligible(), seizure=True), NOT_MET,
         criterion="C7", criterion_answer=NOT_MET),
    Case("17", "UPCR missing", lambda: r.with_laboratory(eligible(), "upcr"), CANNOT_TELL, missing=("upcr",)),
    Case("18", "NOT_MET and CANNOT_TELL together",
         lambda: r.with_laboratory(r.with_sledai(eligible(), seizure=True), "upcr"), NOT_MET, missing=()),
    Case("19", "potassium-sparing diuretic", lambda: taking("spironolactone", 200, "25"), MET,
         gate=Gate.CONTRAINDICATED),
    Case("20", "pregnancy state unknown, F 15–49", lambda: r.without_statement(eligible(), "pregnant"), MET,
         gate=Gate.CANNOT_TELL),
    Case("21", "fever attributed to infection",
         lambda: r.with_symptom(no_trigger(), "fever", Symptom(2, Attribution.NO)), NOT_MET),
    Case("22", "alopecia present, no earlier visit, nothing else",
         lambda: replace(
             r.with_symptom(no_trigger(), "alopecia", Symptom(1, Attribution.YES)),
             visits=r.with_symptom(no_trigger(), "alopecia", Symptom(1, Attribution.YES)).visits[-1:],
         ), CANNOT_TELL, missing=("alopecia_before",)),
    Case("23a", "on TAC since yesterday", lambda: taking("tacrolimus", 1, "3"), MET, applicable=False),
    Case("23b", "TAC starting today", lambda: taking("tacrolimus", 0, "3"), MET),
    Case("25", "methylprednisolone 500 mg on−60",
         lambda: given("methylprednisolone", r.before(ON, 60)), NOT_MET,
         criterion="C2", criterion_answer=NOT_MET),
    Case("26", "voclosporin active", lambda: taking("voclosporin", 200, "15"), MET,
         gate=Gate.CONTRAINDICATED),
    Case("27", "itraconazole active", lambda: taking("itraconazole", 10, "100"), MET, gate=Gate.HOLD),
    Case("28", "K 6.2", lambda: r.with_laboratory(eligible(), "potassium", (ON, "6.2")), MET, gate=Gate.HOLD),
    Case("29", "vasculitis not assessed", lambda: r.with_sledai(eligible(), vasculitis=None), CANNOT_TELL,
         missing=("sledai_vasculitis",)),
    Case("30", "PSL 0 mg recorded", lambda: steroid((300, None, "0")), NOT_MET,
         criterion="C2", criterion_answer=NOT_MET),
    Case("31", "grade-3 rash", lambda: rash(3), MET, caution="severe %(symptom)s"),
    Case("32", "C3 taken during infection",
         lambda: c3((70, "100"), (1, "80"), during_infection=True), CANNOT_TELL, missing=("c3",)),
)  # fmt: skip
