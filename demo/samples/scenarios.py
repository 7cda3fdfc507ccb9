"""The invented patients: a name, what the sample shows, and how its record is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, time
from decimal import Decimal

from demo.samples import base as b
from patients.rules.dates import PartialDate, add_months
from patients.rules.record import Administration, Episode, PriorUse, Record


@dataclass(frozen=True)
class LevelDraw:
    """A tacrolimus level so many days ago at half past eight; taken: the evening before, else unknown."""

    days_ago: int
    ng_ml: str
    taken: bool = True


@dataclass(frozen=True)
class Happened:
    """An adverse event that began so many days ago; confirmed by a doctor, else only reported.

    over_after: days until it was over; None while it lasts.
    """

    term: str
    days_ago: int
    grade: int
    confirmed: bool
    over_after: int | None = None
    comment: str = ""


@dataclass(frozen=True)
class Scenario:
    """One invented patient; build makes the record as of a day, levels and events lie before it.

    taper: so many days ago a taper of prednisolone was planned; None: none was.
    """

    number: str
    family_name: str
    given_name: str
    shows: str
    build: Callable[[date], Record]
    levels: tuple[LevelDraw, ...] = ()
    events: tuple[Happened, ...] = ()
    taper: int | None = None


def _taking(drug: str, mg: str, days: int = 300, last: int | None = None) -> Callable[[date], Record]:
    """With a rash, and a further drug since `days` ago; last: days until its last day."""

    def build(on: date) -> Record:
        last_day = None if last is None else b.before(on, -last)
        episode = Episode(0, drug, b.before(on, days), Decimal(mg), last_day=last_day)
        return b.with_episodes(b.with_rash(b.base_record(on)), episode)

    return build


def _urine_protein_too_old(on: date) -> Record:
    """The main job: one thing is missing, and mizoribine becomes an obligation."""
    record = b.falling_c3(b.base_record(on, age=56), on, confirmed=True)
    record = replace(record, visits=tuple(visit for visit in record.visits if visit.on != b.before(on, 3)))
    record = b.with_results(record, "upcr", (b.before(on, 41), "0.18"))
    return b.with_episodes(record, Episode(0, "mizoribine", b.before(on, 500), Decimal(150)))


def _doses(on: date, *doses: tuple[int, int | None, str]) -> list[Episode]:
    """Prednisolone from and to so many days before, each with its mg a day."""
    return [
        Episode(
            0,
            "prednisolone",
            b.before(on, first),
            Decimal(mg),
            last_day=None if last is None else b.before(on, last),
        )
        for first, last, mg in doses
    ]


def _prednisolone(*doses: tuple[int, int | None, str]) -> Callable[[date], Record]:
    def build(on: date) -> Record:
        return b.with_steroid(b.with_rash(b.base_record(on)), *_doses(on, *doses))

    return build


def _changed(change: Callable[[Record, date], Record]) -> Callable[[date], Record]:
    """The base patient with a rash and one change."""
    return lambda on: change(b.with_rash(b.base_record(on)), on)


def _old(on: date) -> Record:
    record = b.with_rash(b.base_record(on, age=71))
    record = b.with_results(record, "creatinine", *((b.before(on, days), "0.86") for days in b.VISIT_DAYS))
    return b.with_episodes(record, Episode(0, "rosuvastatin", b.before(on, 700), Decimal("2.5")))


def _on_tacrolimus(on: date) -> Record:
    return b.with_episodes(
        b.base_record(on),
        Episode(0, "tacrolimus", b.before(on, 37), Decimal(3), formulation="capsule"),
    )


def _no_recent_visit(on: date) -> Record:
    record = b.with_rash(b.base_record(on))
    return replace(record, visits=tuple(visit for visit in record.visits if visit.on <= b.before(on, 45)))


def _week_14(on: date) -> Record:
    """Nothing is wrong; the control of week 12 is done but for magnesium. Prednisolone came down to 9 mg."""
    started = Episode(
        0, "tacrolimus", b.before(on, 98), Decimal(3), formulation="capsule", usual_time=time(20)
    )
    statin = Episode(0, "rosuvastatin", b.before(on, 400), Decimal("2.5"))
    doses = _doses(on, (300, 65, "12.5"), (64, 34, "10"), (33, None, "9"))
    tapered = b.with_steroid(b.base_record(on), *doses)
    record = b.with_results(tapered, "haemoglobin", (b.before(on, 31), "12.9"), (b.before(on, 3), "12.7"))
    record = b.with_results(record, "haematocrit", (b.before(on, 31), "38.5"), (b.before(on, 3), "37.9"))
    return b.with_episodes(record, started, statin)


def _day_7_with_muscle_pain(on: date) -> Record:
    """As the study's first case: on a statin, day 7, a level in range."""
    record = b.with_episodes(
        b.base_record(on),
        Episode(0, "tacrolimus", b.before(on, 7), Decimal(3), formulation="capsule"),
        Episode(0, "atorvastatin", b.before(on, 400), Decimal(10)),
    )
    last = max(record.visits, key=lambda visit: visit.on)
    record = b.with_visit(record, observations={**last.observations, "muscle_pain": True})
    return b.with_results(record, "ck", (b.before(on, 20), "88"), (b.before(on, 1), "1240"))


SCENARIOS = (
    Scenario("1001", "Sato", "Yuki", "met: a new rash", lambda on: b.with_rash(b.base_record(on))),
    Scenario("1002", "Mori", "Aya", "cannot tell: urine protein is 41 days old", _urine_protein_too_old),
    Scenario("1003", "Abe", "Rin", "met: a confirmed fall of C3",
             lambda on: b.falling_c3(b.base_record(on), on, confirmed=True)),
    Scenario("1004", "Ito", "Hana", "cannot tell: a first fall of C3",
             lambda on: b.falling_c3(b.base_record(on), on, confirmed=False)),
    Scenario("1005", "Kato", "Emi", "met: a rash and a falling C3",
             lambda on: b.with_rash(b.falling_c3(b.base_record(on), on, confirmed=True))),
    Scenario("1006", "Ono", "Mei", "not met: no trigger", b.base_record),
    Scenario("1007", "Hara", "Kei", "not met: prednisolone changed 30 days ago",
             _prednisolone((240, 31, "12.5"), (30, None, "10"))),
    Scenario("1008", "Ueda", "Nao", "cannot tell: a gap in prednisolone",
             _prednisolone((240, 52, "10"), (45, None, "10"))),
    Scenario("1009", "Endo", "Saki", "cannot tell: the drug list is not confirmed",
             _changed(lambda record, on: replace(record, drug_histories=()))),
    Scenario("1010", "Aoki", "Miho", "not met: methotrexate without a stop", _taking("methotrexate", "1.1")),
    Scenario("1011", "Noda", "Yuri", "met, on hold: ciclosporin until tomorrow",
             _taking("ciclosporin", "75", last=1)),
    Scenario("1012", "Kudo", "Rika", "met: mizoribine stays constant", _taking("mizoribine", "150")),
    Scenario("1013", "Sano", "Mari", "not met: cyclophosphamide three weeks ago",
             _changed(lambda record, on: replace(
                 record, administrations=(Administration(0, "cyclophosphamide", b.before(on, 21), Decimal(500)),)
             ))),
    Scenario("1014", "Goto", "Chie", "cannot tell: rituximab at an unknown date",
             _changed(lambda record, on: replace(
                 record, prior_uses=(PriorUse(0, "rituximab", b.before(on, 30)),)
             ))),
    Scenario("1015", "Maeda", "Kana", "not met: haematuria",
             _changed(lambda record, on: b.with_results(
                 b.with_sledai(record, haematuria=True), "urine_rbc", (b.before(on, 3), "14")
             ))),
    Scenario("1016", "Okada", "Yoko", "met, contraindicated: spironolactone", _taking("spironolactone", "25")),
    Scenario("1017", "Kondo", "Aki", "met, on hold: itraconazole", _taking("itraconazole", "100", days=10)),
    Scenario("1018", "Fujii", "Reiko", "met, on hold: potassium 5.8",
             _changed(lambda record, on: b.with_results(record, "potassium", (b.before(on, 3), "5.8")))),
    Scenario("1019", "Murata", "Ayaka", "met, cannot tell: pregnancy not asked",
             _changed(lambda record, on: b.without_statement(record, "pregnant"))),
    Scenario("1020", "Hayashi", "Fumi", "met, cautions: 71 years, a statin, eGFR", _old),
    Scenario("1021", "Ogawa", "Sae", "cannot tell: first treatment known by its year only",
             _changed(lambda record, on: replace(
                 record,
                 person=replace(record.person, first_treatment=PartialDate.parse(str(add_months(on, -12).year))),
             ))),
    Scenario("1022", "Ishii", "Nana", "safety cannot tell: a drug that the catalogue does not know",
             _changed(lambda record, on: b.with_episodes(
                 record, Episode(0, "", b.before(on, 200), None, drug_text="herbal mixture")
             ))),
    Scenario("1023", "Imai", "Toru", "cannot tell: vasculitis not assessed",
             lambda on: b.with_sledai(b.with_rash(b.base_record(on, sex="M")), vasculitis=None)),
    Scenario("1024", "Wada", "Yumi", "cannot tell: no visit for 56 days", _no_recent_visit),
    Scenario("1025", "Taniguchi", "Rei", "on tacrolimus for five weeks", _on_tacrolimus),
    Scenario("1026", "Sakai", "Maki", "cannot tell: classification not recorded",
             _changed(lambda record, on: replace(record, classifications=()))),
    Scenario("1027", "Nagata", "Eri", "on tacrolimus for 14 weeks, levels in range, a tremor that is over", _week_14,
             (LevelDraw(90, "4.1"), LevelDraw(70, "5.6"), LevelDraw(42, "6.3"), LevelDraw(14, "6.9")),
             (Happened("tremor", 66, 1, confirmed=True, over_after=24, comment="Fine, of both hands."),), taper=70),
    Scenario("1028", "Sano", "Miki", "act now: a level of 16.4 whose dose time nobody knows", _week_14,
             (LevelDraw(70, "6.2"), LevelDraw(42, "7.1"), LevelDraw(1, "16.4", taken=False))),
    Scenario("1029", "Hirano", "Kei", "act now: muscle pain and a CK of 1 240 on a statin, the level in range",
             _day_7_with_muscle_pain, (LevelDraw(1, "6.7"),),
             (Happened("muscle_pain", 2, 2, confirmed=False, comment="Both thighs, worse on stairs."),)),
)  # fmt: skip
