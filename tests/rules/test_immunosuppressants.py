"""C3, C4 and C5: nothing added, washed out, stopped, constant. Clinical specification 2.2."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from dosing.rules.drug_changes import recent_changes
from dosing.rules.immunosuppressants import mizoribine_constant, none_added, stopped_at_entry, washed_out
from dosing.rules.thresholds import STUDY
from patients.rules.answers import Answer
from patients.rules.dates import PartialDate
from patients.rules.record import Administration, DrugHistory, Episode, PriorUse, Record
from patients.rules.schedules import Schedule
from patients.rules.verdict import Verdict
from tests.rules import records as r

MET, NOT_MET, CANNOT_TELL = Answer.MET, Answer.NOT_MET, Answer.CANNOT_TELL
ON = r.ON
CLEAR = r.eligible_record()
# Clinical specification, row C3.
COUNTED = (
    "cyclophosphamide", "rituximab", "ciclosporin", "methotrexate", "mycophenolate_mofetil", "azathioprine",
    "mizoribine", "leflunomide", "belimumab", "anifrolumab", "voclosporin", "immunoglobulin",
    "other_immunosuppressant",
)  # fmt: skip


def taken(drug: str, first: int, last: int | None = None, mg: str | None = "50", **changes: Any) -> Episode:
    """An episode from `first` to `last` days before ON (negative: planned); last None: still taken."""
    return Episode(
        id=1000 + first,
        drug=drug,
        start=r.before(ON, first),
        dose_mg=None if mg is None else Decimal(mg),
        last_day=None if last is None else r.before(ON, last),
        **changes,
    )


def with_drugs(*episodes: Episode) -> Record:
    return r.with_episodes(CLEAR, *episodes)


def without_drugs(*episodes: Episode) -> Record:
    return replace(CLEAR, episodes=episodes)


def infused(drug: str, days: int) -> Record:
    return r.with_administrations(CLEAR, Administration(1, drug, r.before(ON, days), Decimal(500)))


def used(drug: str, last_dose: str | None) -> Record:
    known = None if last_dose is None else PartialDate.parse(last_dose)
    return r.with_prior_uses(CLEAR, PriorUse(1, drug, ON, known))


def no_history(record: Record) -> Record:
    return replace(record, drug_histories=())


def added(record: Record) -> Verdict:
    return none_added(record, ON, STUDY)


def items(verdict: Verdict) -> list[str]:
    return [missing.item for missing in verdict.missing]


class TestNoneAdded:
    """C3."""

    @pytest.mark.parametrize("drug", COUNTED)
    def test_a_start_in_the_window_of_each_counts(self, drug: str) -> None:
        assert added(with_drugs(taken(drug, 89))).answer is NOT_MET
        assert added(with_drugs(taken(drug, 90))).answer is MET

    @pytest.mark.parametrize("drug", COUNTED)
    def test_each_infusion_in_the_window_counts(self, drug: str) -> None:
        assert added(infused(drug, 89)).answer is NOT_MET
        assert added(infused(drug, 0)).answer is NOT_MET
        assert added(infused(drug, 90)).answer is MET

    @pytest.mark.parametrize("drug", ["hydroxychloroquine", "tacrolimus", "loxoprofen", "prednisolone"])
    def test_other_drugs_do_not_count(self, drug: str) -> None:
        assert added(with_drugs(taken(drug, 0))).answer is MET

    @pytest.mark.parametrize(
        ("episodes", "answer"),
        [
            ([taken("azathioprine", 300, 41), taken("azathioprine", 40, mg="100")], NOT_MET),
            ([taken("azathioprine", 300, 41), taken("azathioprine", 40, mg="50")], MET),
            ([taken("azathioprine", 300, 41), taken("azathioprine", 40, mg="25")], MET),
            ([taken("azathioprine", 300, 42), taken("azathioprine", 40, mg="50")], NOT_MET),  # after a gap
            ([taken("azathioprine", 300, 41, mg="0"), taken("azathioprine", 40)], NOT_MET),  # from a stated 0
            ([taken("azathioprine", 300, 41), taken("azathioprine", 40, mg="0")], MET),  # a stop
            ([taken("azathioprine", 300, 41), taken("mizoribine", 40)], NOT_MET),  # another drug
            (
                [taken("methotrexate", 300, 41, mg="7"),
                 taken("methotrexate", 40, mg="49", schedule=Schedule.WEEKLY)],
                MET,
            ),
        ],
    )  # fmt: skip
    def test_a_next_episode(self, episodes: list[Episode], answer: Answer) -> None:
        for order in (episodes, episodes[::-1]):
            assert added(with_drugs(*order)).answer is answer

    @pytest.mark.parametrize(("old", "new"), [(None, "50"), ("50", None), (None, None)])
    def test_an_unknown_dose_is_not_an_increase(self, old: str | None, new: str | None) -> None:
        verdict = added(with_drugs(taken("azathioprine", 300, 41, mg=old), taken("azathioprine", 40, mg=new)))
        assert (verdict.answer, items(verdict)) == (CANNOT_TELL, ["azathioprine_dose"])

    def test_a_start_at_an_unknown_dose_is_a_start(self) -> None:
        assert added(with_drugs(taken("azathioprine", 40, mg=None))).answer is NOT_MET
        stated = taken("azathioprine", 300, 41, mg="0")
        assert added(with_drugs(stated, taken("azathioprine", 40, mg=None))).answer is NOT_MET

    @pytest.mark.parametrize(
        ("last_dose", "answer"),
        [
            (r.before(ON, 90).isoformat(), MET),
            (r.before(ON, 89).isoformat(), NOT_MET),
            ("2024", MET),
            ("2025-04", NOT_MET),
            ("2025-03", CANNOT_TELL),  # 4 March is the 90th day before
            ("2025", CANNOT_TELL),
            (None, CANNOT_TELL),
        ],
    )
    def test_the_last_dose_of_rituximab_was_an_infusion(self, last_dose: str | None, answer: Answer) -> None:
        verdict = added(used("rituximab", last_dose))
        assert verdict.answer is answer
        assert items(verdict) == (["rituximab_last_dose"] if answer is CANNOT_TELL else [])

    def test_the_last_dose_of_a_tablet_was_no_start(self) -> None:
        assert added(used("cyclophosphamide", "2025-03-31")).answer is MET

    @pytest.mark.parametrize(("days", "answer"), [(89, CANNOT_TELL), (90, MET)])
    def test_a_drug_that_nobody_knows_may_be_one(self, days: int, answer: Answer) -> None:
        unknown = taken("", days, drug_text="study drug X")
        given = Administration(1, "", r.before(ON, days), drug_text="study drug X")
        verdict = added(r.with_administrations(CLEAR, given))
        assert verdict.answer is answer
        assert items(verdict) == (["unmapped_drug"] if answer is CANNOT_TELL else [])
        # What is taken still may be one whose dose is not known, whenever it began.
        assert added(with_drugs(unknown)).answer is CANNOT_TELL

    @pytest.mark.parametrize(
        ("stated", "complete_days", "answer"),
        [
            (0, 90, MET),
            (0, 89, CANNOT_TELL),
            (30, 60, MET),
            (30, 59, CANNOT_TELL),
            (31, 365, CANNOT_TELL),  # confirmed too long ago
            (-1, 365, CANNOT_TELL),  # tomorrow
        ],
    )
    def test_the_drug_list_is_complete(self, stated: int, complete_days: int, answer: Answer) -> None:
        history = DrugHistory(1, r.before(ON, stated), complete_days)
        record = replace(CLEAR, drug_histories=(history,))
        for verdict in (
            added(record),
            stopped_at_entry(record, ON, STUDY),
            mizoribine_constant(record, ON, STUDY),
        ):
            assert verdict.answer is answer
            assert items(verdict) == (["drug_history"] if answer is CANNOT_TELL else [])

    def test_what_is_known_decides_without_a_complete_list(self) -> None:
        verdict = added(no_history(with_drugs(taken("azathioprine", 40))))
        assert (verdict.answer, verdict.missing) == (NOT_MET, ())

    def test_the_printed_day_is_the_first_that_passes(self) -> None:
        record = replace(with_drugs(taken("azathioprine", 40)), drug_histories=())
        passes = added(record).sentence.values["passes"]
        assert isinstance(passes, date)
        confirmed = replace(record, drug_histories=(DrugHistory(1, r.before(passes, 1), 365),))
        assert none_added(confirmed, passes, STUDY).answer is MET
        assert none_added(confirmed, r.before(passes, 1), STUDY).answer is NOT_MET


@pytest.mark.parametrize("drug", ["cyclophosphamide", "rituximab"])
class TestWashedOut:
    """C4a and C4b: at least one calendar month."""

    @pytest.mark.parametrize(
        ("last", "on", "answer"),
        [
            ("2025-03-31", "2025-04-30", NOT_MET),
            ("2025-03-31", "2025-05-01", MET),
            ("2025-01-31", "2025-02-28", NOT_MET),
            ("2025-01-31", "2025-03-01", MET),  # a month before 1 March is 1 February
            ("2025-02-28", "2025-03-27", NOT_MET),
            ("2025-02-28", "2025-03-28", MET),
            ("2024-02-29", "2024-03-29", MET),
            ("2025-05-02", "2025-06-02", MET),
            ("2025-05-03", "2025-06-02", NOT_MET),
        ],
    )
    def test_calendar_month(self, drug: str, last: str, on: str, answer: Answer) -> None:
        day, today = date.fromisoformat(last), date.fromisoformat(on)
        base = r.eligible_record(today)
        for record in (
            r.with_administrations(base, Administration(1, drug, day, Decimal(500))),
            r.with_prior_uses(base, PriorUse(1, drug, today, PartialDate.on(day))),
            r.with_episodes(base, Episode(9, drug, day - timedelta(days=200), Decimal(50), last_day=day)),
        ):
            verdict = washed_out(drug, record, today, STUDY)
            assert verdict.answer is answer
            if answer is NOT_MET:
                passes = verdict.sentence.values["passes"]
                assert isinstance(passes, date)
                assert washed_out(drug, record, passes, STUDY).answer is MET
                assert washed_out(drug, record, passes - timedelta(days=1), STUDY).answer is NOT_MET

    @pytest.mark.parametrize("last", [None, 0, -20])
    def test_still_taken(self, drug: str, last: int | None) -> None:
        assert washed_out(drug, with_drugs(taken(drug, 300, last)), ON, STUDY).answer is NOT_MET

    @pytest.mark.parametrize(
        ("last", "answer"),
        [
            ("2024", MET),
            ("2025-04", MET),
            ("2025", CANNOT_TELL),
            ("2025-05", CANNOT_TELL),
            ("2025-06", NOT_MET),
            (None, CANNOT_TELL),
        ],
    )
    def test_a_date_known_in_part(self, drug: str, last: str | None, answer: Answer) -> None:
        verdict = washed_out(drug, used(drug, last), ON, STUDY)
        assert verdict.answer is answer
        assert items(verdict) == ([f"{drug}_last_dose"] if answer is CANNOT_TELL else [])

    def test_a_month_is_released_by_its_last_day(self, drug: str) -> None:
        verdict = washed_out(drug, used(drug, "2025-06"), ON, STUDY)
        assert (verdict.sentence.values["day"], verdict.sentence.values["passes"]) == (
            "2025-06",
            date(2025, 7, 30),
        )

    def test_a_recent_dose_decides_before_an_undated_one(self, drug: str) -> None:
        record = r.with_prior_uses(infused(drug, 5), PriorUse(1, drug, ON))
        assert washed_out(drug, record, ON, STUDY).answer is NOT_MET

    def test_never_used_needs_a_complete_drug_list(self, drug: str) -> None:
        assert washed_out(drug, CLEAR, ON, STUDY).answer is MET
        verdict = washed_out(drug, no_history(CLEAR), ON, STUDY)
        assert (verdict.answer, items(verdict)) == (CANNOT_TELL, ["drug_history"])

    def test_a_stated_0_mg_is_no_use(self, drug: str) -> None:
        assert washed_out(drug, with_drugs(taken(drug, 300, mg="0")), ON, STUDY).answer is MET


@pytest.mark.parametrize(
    ("last", "cautioned"), [("2024-12-02", False), ("2024-12-03", True), ("2025-04-01", True)]
)
def test_rituximab_less_than_six_months_ago_is_cautioned(last: str, cautioned: bool) -> None:
    assert bool(washed_out("rituximab", used("rituximab", last), ON, STUDY).cautions) is cautioned
    assert not washed_out("cyclophosphamide", used("cyclophosphamide", last), ON, STUDY).cautions


@pytest.mark.parametrize("drug", ["ciclosporin", "methotrexate", "mycophenolate_mofetil", "azathioprine"])
class TestStoppedAtEntry:
    """C4c."""

    def test_going_on_is_not_met(self, drug: str) -> None:
        assert stopped_at_entry(with_drugs(taken(drug, 400)), ON, STUDY).answer is NOT_MET

    @pytest.mark.parametrize("last", [0, -1, -60])
    def test_a_recorded_stop_is_an_obligation(self, drug: str, last: int) -> None:
        verdict = stopped_at_entry(with_drugs(taken(drug, 400, last)), ON, STUDY)
        assert verdict.answer is MET
        assert [item.values["day"] for item in verdict.obligations] == [r.before(ON, last)]

    def test_stopped_yesterday_asks_for_nothing(self, drug: str) -> None:
        verdict = stopped_at_entry(with_drugs(taken(drug, 400, 1)), ON, STUDY)
        assert (verdict.answer, verdict.obligations) == (MET, ())

    def test_one_going_on_beside_one_with_a_stop(self, drug: str) -> None:
        other = "azathioprine" if drug != "azathioprine" else "ciclosporin"
        record = with_drugs(taken(drug, 400, -5), taken(other, 300))
        assert stopped_at_entry(record, ON, STUDY).answer is NOT_MET

    def test_not_taken_needs_a_complete_drug_list(self, drug: str) -> None:
        verdict = stopped_at_entry(no_history(with_drugs(taken(drug, 400, 100))), ON, STUDY)
        assert (verdict.answer, items(verdict)) == (CANNOT_TELL, ["drug_history"])


@pytest.mark.parametrize("drug", ["leflunomide", "belimumab", "mizoribine", "hydroxychloroquine"])
def test_other_drugs_need_not_be_stopped(drug: str) -> None:
    assert stopped_at_entry(with_drugs(taken(drug, 400)), ON, STUDY).answer is MET


class TestMizoribine:
    """C5."""

    @pytest.mark.parametrize(
        ("episodes", "answer", "obligations"),
        [
            ([], MET, 0),
            ([taken("mizoribine", 90)], MET, 1),
            ([taken("mizoribine", 89)], NOT_MET, 0),
            ([taken("mizoribine", 400, 91, "100"), taken("mizoribine", 90, mg="150")], MET, 1),
            ([taken("mizoribine", 400, 90, "100"), taken("mizoribine", 89, mg="150")], NOT_MET, 0),
            ([taken("mizoribine", 400, 41, "150"), taken("mizoribine", 40, mg="100")], NOT_MET, 0),
            ([taken("mizoribine", 400, 41, "150"), taken("mizoribine", 40, mg="150")], MET, 1),
            ([taken("mizoribine", 400, 42, "150"), taken("mizoribine", 40, mg="150")], NOT_MET, 0),
            ([taken("mizoribine", 400, 41, "150"), taken("mizoribine", 40, mg=None)], CANNOT_TELL, 0),
            ([taken("mizoribine", 400, None, None)], MET, 1),  # one episode is one dose
            ([taken("mizoribine", 400, 41)], MET, 0),  # not on it any more
        ],
    )
    def test_constant_over_the_window(
        self, episodes: list[Episode], answer: Answer, obligations: int
    ) -> None:
        for order in (episodes, episodes[::-1]):
            verdict = mizoribine_constant(with_drugs(*order), ON, STUDY)
            assert (verdict.answer, len(verdict.obligations)) == (answer, obligations)

    def test_without_a_complete_drug_list_nobody_can_tell(self) -> None:
        for record in (CLEAR, with_drugs(taken("mizoribine", 400))):
            verdict = mizoribine_constant(no_history(record), ON, STUDY)
            assert (verdict.answer, items(verdict)) == (CANNOT_TELL, ["drug_history"])


@pytest.mark.parametrize(
    ("record", "drug", "days"),
    [
        (with_drugs(taken("azathioprine", 400, 89)), "azathioprine", 89),
        (with_drugs(taken("azathioprine", 400, 41), taken("azathioprine", 40, mg="25")), "azathioprine", 40),
        (used("azathioprine", r.before(ON, 30).isoformat()), "azathioprine", 30),
        (without_drugs(taken("hydroxychloroquine", 40)), "hydroxychloroquine", 40),
        (without_drugs(taken("hydroxychloroquine", 400, 50)), "hydroxychloroquine", 50),
    ],
)
def test_what_may_explain_the_change_is_named(record: Record, drug: str, days: int) -> None:
    assert (drug, r.before(ON, days)) in recent_changes(record, ON, STUDY)


def test_a_stop_before_the_window_or_only_planned_explains_nothing() -> None:
    for last in (90, -5):
        assert recent_changes(with_drugs(taken("azathioprine", 400, last)), ON, STUDY) == []
