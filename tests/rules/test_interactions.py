"""The interaction table and what is watched of it: clinical specification 4.3, row by row."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dosing.rules.case import Case, case_of
from dosing.rules.findings import Severity, TaskFinding
from dosing.rules.interactions import CLEARANCE_FACTORS, TABLE, TABLE_DATE, check, due, raised
from dosing.rules.treatment import Level, Treatment
from patients.rules.answers import Answer
from patients.rules.drugs import DRUGS
from patients.rules.record import Administration, Episode, Purpose, Record
from tests.rules.records import (
    ON,
    before,
    eligible_record,
    laboratory,
    with_administrations,
    with_episodes,
    with_laboratory,
    with_steroid,
)

D = Decimal
# 4.3, as its members are written there.
MEMBERS = {
    "strong": (
        "itraconazole", "voriconazole", "posaconazole", "ketoconazole", "clarithromycin",
        "nirmatrelvir_ritonavir", "ritonavir_combination", "cobicistat_combination", "ensitrelvir",
    ),
    "moderate": (
        "fluconazole", "isavuconazole", "erythromycin", "diltiazem", "verapamil", "amiodarone", "letermovir",
        "nicardipine", "nilvadipine", "danazol", "cannabidiol",
    ),
    "weak": ("nifedipine", "ethinylestradiol", "omeprazole", "lansoprazole", "bromocriptine", "clotrimazole"),
    "food": ("wuzhi", "grapefruit"),
    "inducer": (
        "rifampicin", "rifabutin", "phenytoin", "phenobarbital", "carbamazepine", "st_johns_wort",
    ),
    "nephrotoxic": (
        "loxoprofen", "gentamicin", "amphotericin_b", "vancomycin", "co_trimoxazole", "ganciclovir",
        "aciclovir", "ciprofloxacin", "bezafibrate", "fenofibrate",
    ),
    "potassium": (
        "potassium_salt", "enalapril", "losartan", "candesartan_amlodipine", "eplerenone", "finerenone",
        "esaxerenone", "trimethoprim",
    ),
    "muscle": ("atorvastatin", "atorvastatin_amlodipine", "pravastatin", "bezafibrate", "colchicine"),
}  # fmt: skip
CONTROLS = {
    "strong": ({"level", "creatinine", "potassium"}, Severity.ACT_NOW),
    "moderate": ({"level"}, Severity.THIS_VISIT),
    "weak": ({"level"}, Severity.KNOW),
    "food": ({"level"}, Severity.THIS_VISIT),
    "inducer": ({"level"}, Severity.THIS_VISIT),
    "nephrotoxic": ({"creatinine"}, Severity.KNOW),
    "potassium": ({"potassium"}, Severity.KNOW),
    "muscle": ({"ck"}, Severity.KNOW),
}
ROWS = [(kind, drug) for kind, drugs in MEMBERS.items() for drug in drugs]


def base() -> Record:
    """On tacrolimus for 100 days; nothing measured since the start but what a test adds."""
    plain = eligible_record(ON)
    steroid = tuple(row for row in plain.episodes if row.drug == "prednisolone")
    tacrolimus = Episode(50, "tacrolimus", before(ON, 100), D(3))
    return replace(plain, episodes=(*steroid, tacrolimus), laboratory=())


def taking(drug: str, since: int = 3, last: int | None = None, **changes: object) -> Record:
    end = None if last is None else before(ON, last)
    return with_episodes(base(), Episode(80, drug, before(ON, since), D(1), end, **changes))  # type: ignore[arg-type]


def case(record: Record, *levels: Level) -> Case:
    return case_of(record, Treatment(levels=levels), ON)


def alerts(record: Record, *levels: Level) -> dict[tuple[str, str], Severity]:
    return {(row.rule, row.subject): row.severity for row in raised(case(record, *levels))}


def work(record: Record, *levels: Level) -> list[TaskFinding]:
    return list(due(case(record, *levels)))


def level(days: int) -> Level:
    return Level(1, before(ON, days), D(6), hours_after_dose=D(12))


class TestTable:
    def test_every_row_says_what_it_does_and_where_it_comes_from(self) -> None:
        for row in TABLE:
            assert row.members <= DRUGS.keys()
            assert row.members
            assert row.effect
            assert row.action
            assert row.source.text
        assert len({row.key for row in TABLE}) == len(TABLE)
        assert TABLE_DATE.year == 2026

    @pytest.mark.parametrize(("kind", "drug"), ROWS)
    def test_each_member_raises_what_its_class_asks_for(self, kind: str, drug: str) -> None:
        items, severity = CONTROLS[kind]
        assert alerts(taking(drug))[("interaction", drug)] >= severity
        asked = {name for row in check(case(taking(drug))).concerns for name in row.missing}
        assert items <= asked

    def test_a_combination_belongs_to_the_class_of_each_part(self) -> None:
        classes = {row.interaction.key for row in check(case(taking("co_trimoxazole"))).concerns}
        assert classes == {"nephrotoxic", "trimethoprim"}

    def test_the_clearance_factors(self) -> None:
        """pharmacokinetics, section 2: Wuzhi .71, diltiazem .69, calcium-channel blockers .94."""
        assert CLEARANCE_FACTORS["wuzhi"] == D("0.71")
        assert CLEARANCE_FACTORS["diltiazem"] == D("0.69")
        assert CLEARANCE_FACTORS["nicardipine"] == D("0.94")
        assert CLEARANCE_FACTORS.keys() <= DRUGS.keys()

    def test_isoniazid_is_uncertain(self) -> None:
        (row,) = check(case(taking("isoniazid"))).concerns
        assert row.interaction.uncertain

    @pytest.mark.parametrize("drug", ["voriconazole", "posaconazole"])
    def test_a_third_of_the_dose(self, drug: str) -> None:
        (alert,) = [row for row in raised(case(taking(drug))) if row.rule == "interaction"]
        assert "one third" in str(alert.verdict.sentence.values["action"])


class TestNewlyStarted:
    def test_until_it_is_measured(self) -> None:
        """Strong: "level + creatinine + K within 1-3 d"."""
        record = taking("clarithromycin", since=3)
        assert ("interaction", "clarithromycin") in alerts(record)
        measured = replace(
            record,
            laboratory=(
                laboratory(1, "creatinine", before(ON, 1), "0.6"),
                laboratory(2, "potassium", before(ON, 1), "4.2"),
            ),
        )
        assert ("interaction", "clarithromycin") in alerts(measured)
        assert ("interaction", "clarithromycin") not in alerts(measured, level(1))

    def test_a_level_of_the_first_day_says_nothing_yet(self) -> None:
        assert ("interaction", "diltiazem") in alerts(taking("diltiazem", since=3), level(1))
        assert ("interaction", "diltiazem") not in alerts(taking("diltiazem", since=4), level(1))

    @pytest.mark.parametrize(("drug", "analyte"), [("atorvastatin", "ck"), ("losartan", "potassium")])
    def test_a_statin_or_a_sartan_until_its_control(self, drug: str, analyte: str) -> None:
        """4.5: "a statin or ARB newly started"; CK day 7 to 14, potassium in 1 to 2 weeks."""
        record = taking(drug, since=20)
        value = {"ck": "90", "potassium": "4.2"}[analyte]
        early = with_laboratory(record, analyte, (before(ON, 14), value))
        in_time = with_laboratory(record, analyte, (before(ON, 13), value))
        assert alerts(early)[("interaction", drug)] is Severity.KNOW
        assert ("interaction", drug) not in alerts(in_time)

    def test_what_was_taken_before_tacrolimus_was_weighed_then(self) -> None:
        assert alerts(taking("atorvastatin", since=200)) == {}

    def test_another_dose_is_no_new_start(self) -> None:
        raised_dose = with_episodes(
            base(),
            Episode(80, "diltiazem", before(ON, 300), D(100), before(ON, 4)),
            Episode(81, "diltiazem", before(ON, 3), D(200)),
        )
        assert alerts(raised_dose) == {}

    def test_who_takes_no_tacrolimus(self) -> None:
        stopped = replace(
            taking("clarithromycin"), episodes=(Episode(80, "clarithromycin", before(ON, 3), D(1)),)
        )
        assert alerts(stopped) == {}
        assert not work(stopped)

    @pytest.mark.parametrize("drug", ["spironolactone", "bosentan", "everolimus", "voclosporin"])
    def test_contraindicated_drugs_until_they_end(self, drug: str) -> None:
        assert alerts(taking(drug, since=90), level(1))[("interaction", drug)] is Severity.ACT_NOW
        assert ("interaction", drug) not in alerts(taking(drug, since=90, last=1))

    def test_after_stopping_a_strong_inhibitor_the_level_falls_back(self) -> None:
        """ "and again after stopping"."""
        stopped = taking("clarithromycin", since=20, last=4)
        assert ("interaction", "clarithromycin") in alerts(stopped, level(10))
        (again,) = [row for row in work(stopped, level(10)) if "stop" in row.subject]
        assert again.due_on == before(ON, 3)
        assert not alerts(taking("clarithromycin", since=90, last=29))

    def test_one_matter_a_drug(self) -> None:
        """Fluconazole raises tacrolimus and prolongs QT; co-trimoxazole strains kidney and potassium."""
        both = with_episodes(taking("co_trimoxazole"), Episode(81, "fluconazole", before(ON, 3), D(100)))
        rules = [row.subject for row in raised(case(both)) if row.rule == "interaction"]
        assert sorted(rules) == ["co_trimoxazole", "fluconazole"]


class TestUnrecognised:
    def test_a_free_text_drug_makes_it_cannot_tell(self) -> None:
        """Issue: "an unrecognised free-text drug makes the check CANNOT TELL"."""
        record = taking("", drug_text="herbal mixture")
        assert check(case(record)).answer is Answer.CANNOT_TELL
        (alert,) = raised(case(record))
        assert (alert.rule, alert.severity) == ("interaction_unknown", Severity.KNOW)
        assert alert.verdict.answer is Answer.CANNOT_TELL
        assert alert.verdict.missing[0].item == "unmapped_drug"

    def test_a_known_interaction_is_said_beside_it(self) -> None:
        record = with_episodes(
            taking("", drug_text="herbal mixture"), Episode(81, "diltiazem", before(ON, 3), D(100))
        )
        found = check(case(record))
        assert found.answer is Answer.CANNOT_TELL
        assert [row.episode.drug for row in found.concerns] == ["diltiazem"]
        assert {rule for rule, _subject in alerts(record)} == {"interaction", "interaction_unknown"}

    def test_an_unknown_infusion_of_the_last_weeks(self) -> None:
        given = Administration(7, "", before(ON, 5), None, drug_text="trial infusion")
        assert check(case(with_administrations(base(), given))).answer is Answer.CANNOT_TELL
        old = replace(given, on=before(ON, 28))
        assert check(case(with_administrations(base(), old))).answer is Answer.NOT_MET

    def test_nothing_at_all(self) -> None:
        assert check(case(base())).answer is Answer.NOT_MET


class TestQt:
    def test_two_drugs_without_an_ecg(self) -> None:
        """ "ECG only with a second QT drug": hydroxychloroquine is the first here."""
        first = Episode(81, "hydroxychloroquine", before(ON, 900), D(200))
        assert ("interaction_qt", "ecg") not in alerts(with_episodes(base(), first))
        record = with_episodes(taking("levofloxacin", since=3), first)
        assert ("interaction_qt", "ecg") in alerts(record)
        ecg = replace(record, laboratory=(laboratory(1, "qtc", before(ON, 1), "430"),))
        assert ("interaction_qt", "ecg") not in alerts(ecg)


class TestWork:
    @pytest.mark.parametrize(
        ("drug", "first", "last", "kind"),
        [
            ("clarithromycin", 1, 3, "level_due"),
            ("nirmatrelvir_ritonavir", 3, 7, "level_due"),
            ("diltiazem", 3, 5, "level_due"),
            ("nifedipine", 7, 14, "level_due"),
            ("rifampicin", 5, 7, "level_due"),
            ("loxoprofen", 7, 14, "interaction_control"),
            ("trimethoprim", 5, 7, "interaction_control"),
            ("atorvastatin", 7, 14, "interaction_control"),
        ],
    )
    def test_when_it_is_due(self, drug: str, first: int, last: int, kind: str) -> None:
        (found,) = [row for row in work(taking(drug, since=0)) if drug in row.subject]
        assert found.kind == kind
        assert found.due_on == ON + timedelta(days=first)
        assert found.overdue_from == ON + timedelta(days=last + 3)

    def test_what_was_measured_is_not_asked_for_again(self) -> None:
        assert not [row for row in work(taking("diltiazem", since=4), level(1)) if "diltiazem" in row.subject]

    def test_nobody_is_reminded_for_ever(self) -> None:
        assert work(taking("diltiazem", since=56))
        assert not work(taking("diltiazem", since=57))

    def test_after_a_pulse(self) -> None:
        pulse = Administration(
            9, "methylprednisolone", before(ON, 5), D(500), Purpose.SLE, route="intravenous"
        )
        (found,) = work(with_administrations(base(), pulse))
        assert (found.kind, found.due_on) == ("level_due", before(ON, -2))

    @pytest.mark.parametrize(("old", "asked"), [("15", True), ("14.5", False)])
    def test_after_a_large_cut(self, old: str, asked: bool) -> None:
        """[D] 5 mg at once; "PSL taper: induction wanes, levels may rise"."""
        record = with_steroid(
            base(),
            Episode(90, "prednisolone", before(ON, 300), D(old), before(ON, 6)),
            Episode(91, "prednisolone", before(ON, 5), D(10)),
        )
        assert bool(work(record)) is asked


@given(
    st.lists(st.tuples(st.sampled_from(sorted(DRUGS)), st.integers(0, 120)), max_size=5),
    st.integers(0, 60),
)
def test_a_level_never_adds_a_matter(drugs: list[tuple[str, int]], days: int) -> None:
    """Measuring settles; it never raises anything in this table."""
    rows = [
        Episode(100 + number, drug, before(ON, since), D(1))
        for number, (drug, since) in enumerate(drugs)
        if drug != "tacrolimus"
    ]
    record = with_episodes(base(), *rows)
    assert alerts(record, level(days)).keys() <= alerts(record).keys()
    assert len(work(record, level(days))) <= len(work(record))
