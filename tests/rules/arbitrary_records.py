"""Hypothesis strategies for any record that the forms accept, however odd."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from patients.rules.analytes import ANALYTES
from patients.rules.dates import PartialDate
from patients.rules.drugs import DRUGS
from patients.rules.findings import OBSERVATIONS, ORGAN_FINDINGS, SYMPTOMS
from patients.rules.record import (
    Administration,
    Attribution,
    Classification,
    DrugHistory,
    Episode,
    LaboratoryValue,
    Person,
    PriorUse,
    Purpose,
    Record,
    Statement,
    Symptom,
    Visit,
)
from patients.rules.schedules import Schedule
from patients.rules.sledai import ITEMS
from patients.rules.statements import KINDS
from tests.rules.records import ON

JUDGED = ("c3", "upcr", "urine_rbc", "urine_wbc", "platelets", "creatinine")
# Drugs that some rule looks at, one it does not, and free text.
WATCHED = sorted(
    key for key, drug in DRUGS.items() if drug.classes & {"immunosuppressant", "systemic_glucocorticoid"}
)
DRUG = st.sampled_from(["", "tacrolimus", "hydroxychloroquine", "atorvastatin", *WATCHED])
ANSWER = st.sampled_from([True, False, None])
DAY = st.integers(-3, 420).map(lambda days: ON - timedelta(days=days))
LAST_DAY = st.none() | st.integers(0, 500)
DOSE = st.none() | st.decimals("0", "999999.999", places=3)
COMPARATOR = st.sampled_from(["", "", "", "<", ">"])


@st.composite
def partial_dates(draw: st.DrawFn) -> PartialDate:
    day: date = draw(DAY)
    return PartialDate.parse(draw(st.sampled_from([f"{day:%Y}", f"{day:%Y-%m}", f"{day:%Y-%m-%d}"])))


@st.composite
def laboratory_values(draw: st.DrawFn, analytes: Sequence[str] = JUDGED) -> LaboratoryValue:
    """A result inside the range that the form accepts for its analyte."""
    row = ANALYTES[draw(st.sampled_from(analytes))]
    value = draw(st.decimals(row.impossible_below, row.impossible_above, places=row.decimals))
    return LaboratoryValue(
        id=draw(st.integers(1, 10**6)),
        analyte=row.key,
        on=draw(DAY),
        value=value,
        comparator=draw(COMPARATOR),
        laboratory=draw(st.sampled_from(["A", "B"])),
        method=draw(st.sampled_from(["", "nephelometry"])),
        lower_limit=draw(st.none() | st.just(Decimal(86)) | st.just(Decimal(73))),
        during_infection=draw(st.booleans()),
    )


@st.composite
def episodes(draw: st.DrawFn) -> Episode:
    start: date = draw(DAY)
    lasting = draw(LAST_DAY)
    return Episode(
        id=draw(st.integers(1, 10**6)),
        drug=draw(DRUG),
        start=start,
        dose_mg=draw(DOSE),
        last_day=None if lasting is None else start + timedelta(days=lasting),
        schedule=draw(st.sampled_from(Schedule)),
        purpose=draw(st.sampled_from(Purpose)),
        route=draw(st.sampled_from(["oral", "subcutaneous", "inhaled"])),
        drug_text="a free text",
    )


def visits() -> st.SearchStrategy[Visit]:
    symptom = st.builds(
        Symptom,
        severity=st.none() | st.integers(0, 3),
        attribution=st.none() | st.sampled_from(Attribution),
        worse_than_before=st.booleans(),
    )
    return st.builds(
        Visit,
        id=st.integers(1, 10**6),
        on=DAY,
        sledai=some_of([item.code for item in ITEMS], ANSWER),
        symptoms=some_of(list(SYMPTOMS), symptom),
        swollen_joints=st.none() | st.integers(0, 66),
        inflamed_joints=st.none() | st.integers(0, 66),
        highest_temperature_c=st.none() | st.decimals("34", "42", places=1),
        organ_findings=some_of(list(ORGAN_FINDINGS), ANSWER),
        observations=some_of(list(OBSERVATIONS), ANSWER),
        adherence_percent=st.none() | st.integers(0, 100),
    )


def some_of(codes: list[str], values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=dict.fromkeys(codes, values))


def persons() -> st.SearchStrategy[Person]:
    return st.builds(
        Person,
        id=st.just(1),
        sex=st.sampled_from("FM"),
        birth=st.integers(0, 100).map(lambda age: PartialDate.parse(f"{ON.year - 2 - age}")),
        first_treatment=st.none() | partial_dates(),
        biopsy_class=st.sampled_from(["", "I", "III", "IV+V"]),
    )


def records(analytes: Sequence[str] = JUDGED) -> st.SearchStrategy[Record]:
    identity = st.integers(1, 10**6)

    def few(row: st.SearchStrategy[Any], most: int) -> st.SearchStrategy[tuple[Any, ...]]:
        return st.lists(row, max_size=most, unique_by=lambda fact: fact.id).map(tuple)

    administration = st.builds(
        Administration,
        id=identity,
        drug=DRUG,
        on=DAY,
        dose_mg=st.none() | st.decimals("0.001", "9999", places=3),
        purpose=st.sampled_from(Purpose),
        route=st.sampled_from(["intravenous", "intramuscular", "intra-articular"]),
    )
    prior_use = st.builds(
        PriorUse,
        id=identity,
        drug=st.sampled_from(WATCHED),
        stated_on=DAY,
        last_dose=st.none() | partial_dates(),
    )
    history = st.builds(DrugHistory, id=identity, stated_on=DAY, complete_days=st.integers(1, 999))
    statement = st.builds(
        Statement,
        id=identity,
        kind=st.sampled_from(sorted(KINDS)),
        stated_on=DAY,
        answer=ANSWER,
        event=st.none() | partial_dates(),
    )
    classification = st.builds(
        Classification,
        id=identity,
        system=st.sampled_from(["acr_1997", "eular_acr_2019"]),
        on=DAY,
        score=st.none() | st.integers(0, 60),
        met=ANSWER,
        complete=st.booleans(),
    )
    return st.builds(
        Record,
        person=persons(),
        visits=few(visits(), 4),
        laboratory=few(laboratory_values(analytes), 14),
        episodes=few(episodes(), 6),
        administrations=few(administration, 4),
        prior_uses=few(prior_use, 3),
        drug_histories=few(history, 2),
        statements=few(statement, 4),
        classifications=few(classification, 3),
    )
