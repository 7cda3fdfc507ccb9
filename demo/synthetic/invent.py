"""One invented patient from a seed and a number: who they are, their record, and their tacrolimus."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from zoneinfo import ZoneInfo

from demo.synthetic import disease, treatment
from demo.synthetic.plan import CoursePlan, SyntheticPhase, plan
from patients.rules.dates import PartialDate, add_years
from patients.rules.record import Classification, DrugHistory, Person, Record, Statement
from patients.services.importing import Identity

FAMILY_NAMES = (
    "Abe", "Aoki", "Endo", "Fujita", "Goto", "Hara", "Hayashi", "Inoue", "Ishii", "Ito", "Kato", "Kimura",
    "Kobayashi", "Maeda", "Mori", "Nakamura", "Ogawa", "Okada", "Saito", "Sasaki", "Sato", "Shimizu",
    "Suzuki", "Takahashi", "Tanaka", "Ueda", "Wada", "Watanabe", "Yamada", "Yoshida",
)  # fmt: skip
GIVEN_NAMES = {
    "F": (
        "Aki",
        "Aya",
        "Chie",
        "Emi",
        "Haruka",
        "Hina",
        "Kana",
        "Kei",
        "Mai",
        "Mika",
        "Nao",
        "Rei",
        "Rin",
        "Yui",
    ),
    "M": ("Akira", "Daiki", "Haru", "Jun", "Kenji", "Makoto", "Ren", "Sho", "Takumi", "Yuta"),
}
WOMEN = 0.9


@dataclass(frozen=True)
class Invented:
    """A patient as the loader writes them."""

    identity: Identity
    plan: CoursePlan
    record: Record
    levels: tuple[treatment.SyntheticLevel, ...]


def patient_number(number: int) -> str:
    return f"S{number:06d}"


def invent(seed: int, number: int, on: date, zone: ZoneInfo) -> Invented:
    """The patient with this number in the clinic of this seed, as of a day."""
    random = Random(f"{seed}:{number}")  # noqa: S311 - invented people, not secrets
    frame = plan(random, on)
    sex = "F" if random.random() < WOMEN else "M"
    identity = Identity(patient_number(number), random.choice(FAMILY_NAMES), random.choice(GIVEN_NAMES[sex]))
    record = Record(
        person=_person(random, frame, sex),
        visits=disease.visits(random, frame),
        laboratory=disease.results(random, frame),
        episodes=treatment.episodes(random, frame),
        drug_histories=(DrugHistory(0, frame.visit_days[-1], 365),),
        statements=_statements(frame, sex),
        classifications=(
            Classification(0, "acr_1997", frame.visit_days[0], score=random.randint(4, 7), complete=True),
        ),
    )
    return Invented(identity, frame, record, treatment.levels(random, frame, zone))


def _person(random: Random, frame: CoursePlan, sex: str) -> Person:
    early = frame.phase is SyntheticPhase.EARLY
    long_ago = add_years(frame.on, -random.randint(2, 15)) - timedelta(days=60)
    first = frame.visit_days[0] if early else min(long_ago, frame.visit_days[0])
    return Person(
        id=0,
        sex=sex,
        birth=PartialDate.on(
            add_years(frame.on, -random.randint(19, 72)) - timedelta(days=random.randint(0, 364))
        ),
        first_treatment=PartialDate.on(first),
        renal_involvement=frame.renal,
    )


def _statements(frame: CoursePlan, sex: str) -> tuple[Statement, ...]:
    """Asked at the last visit."""
    answers = {
        "pregnant": False,
        "tacrolimus_hypersensitivity": False,
        "calcineurin_inhibitor_serious_reaction": False,
        "live_vaccine": False,
        "steroid_insufficient_or_not_tolerated": True,
    }
    day = frame.visit_days[-1]
    return tuple(
        Statement(0, kind, day, answer)
        for kind, answer in answers.items()
        if sex == "F" or kind != "pregnant"
    )
