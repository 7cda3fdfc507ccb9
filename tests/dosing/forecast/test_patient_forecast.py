"""What the forecast of a patient says: which of the two leads, which dose is marked, what is kept."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from dosing.forecast import patient_forecast as module
from dosing.forecast.marking import HALF_OF_100, NONE_LIKELY, RULES_FIRST
from dosing.forecast.serialization import version_of
from dosing.forecast.services import ChangedForecastError, DoseChoice, keep_forecast
from dosing.models import LedBy, StoredForecast, TacrolimusLevel, Task, TaskState
from dosing.pharmacokinetics.adjustments import DEFAULT
from dosing.pharmacokinetics.registry import MODELS
from dosing.rules.levels.proposal import DoseAction, NextDoseProposal
from patients.models import DoseEpisode
from patients.rules.verdict import say
from patients.services.drugs import start_episode
from tests.dosing.courses import NOW, TODAY, level, on_3_mg, paused
from tests.dosing.forecasts import kept, now_of, seen, with_levels

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as moved:
        yield moved


class TestWhoLeads:
    @pytest.mark.parametrize(("levels", "proportion"), [(1, True), (3, True), (4, False)])
    def test_proportion_below_four_levels(self, levels: int, proportion: bool) -> None:
        """Specification section 1.2."""
        place = with_levels(*((34 - 7 * n, "6.5") for n in range(levels)))
        now = now_of(place)
        assert now.used == levels
        assert now.leads_with_proportion is proportion

    def test_proportion_where_the_levels_contradict_the_fit(self) -> None:
        """A swapped tube of 28 among five of 6: the model would say 14."""
        now = now_of(with_levels((37, "28"), (34, "6"), (27, "6"), (20, "6"), (13, "6"), (6, "6")))
        assert now.is_doubtful and now.leads_with == "proportion"
        assert now.proportion_ng_ml == pytest.approx(6)
        assert now.mark.row is None

    def test_levels_of_long_ago_do_not_let_the_model_lead(self) -> None:
        """Four levels, of which one is of the last year."""
        place = with_levels()
        DoseEpisode.objects.filter(drug="tacrolimus").update(start=TODAY - timedelta(days=900))
        for number, row in enumerate(TacrolimusLevel.objects.order_by("drawn_at")[:3]):
            row.drawn_at -= timedelta(days=500 + number)
            row.last_dose_at = row.drawn_at - timedelta(hours=12)
            row.save()
        now = now_of(place)
        assert (now.used, now.recent, now.leads_with) == (4, 1, "proportion")

    def test_without_a_level_the_typical_patient(self) -> None:
        now = now_of(on_3_mg())
        assert (now.used, now.leads_with_proportion, now.proportion_ng_ml) == (0, False, None)

    def test_proportion_where_the_model_did_worse_in_this_clinic(self, monkeypatch: Any) -> None:
        monkeypatch.setattr("dosing.forecast.validation.trusts_model", lambda clinic: False)
        assert now_of(with_levels()).leads_with_proportion

    def test_proportion_is_level_divided_by_dose_times_dose(self) -> None:
        """(7.1 + 6.4 + 7.4 + 6.8) / 4 / 3 = 2.308 ng/ml for each mg."""
        now = now_of(with_levels())
        assert now.proportion_ng_ml == pytest.approx(6.925)
        assert now.by_proportion(1.5) == pytest.approx(3.4625)


class TestTable:
    def test_ten_doses_with_chances_that_make_a_whole(self) -> None:
        rows = now_of(with_levels()).rows
        assert [row.option.mg for row in rows] == [step / 2 for step in range(1, 11)]
        for row in rows:
            outlook = row.option.outlook
            assert outlook.below + outlook.within + outlook.above == pytest.approx(1)
            assert outlook.urgent <= outlook.above
            assert outlook.nine_tenths[0] <= outlook.half[0] <= outlook.median <= outlook.nine_tenths[1]

    def test_todays_dose_the_step_and_the_label(self) -> None:
        rows = {row.option.mg: row for row in now_of(with_levels()).rows}
        assert [mg for mg, row in rows.items() if row.is_now] == [3.0]
        assert [mg for mg, row in rows.items() if row.is_far] == [0.5, 1.0, 1.5, 4.5, 5.0]
        assert [mg for mg, row in rows.items() if row.is_above_label] == [3.5, 4.0, 4.5, 5.0]
        assert [row.change_mg for row in rows.values()][:2] == [-2.5, -2.0]

    def test_the_level_on_todays_dose_is_the_one_if_nothing_changes(self) -> None:
        now = now_of(with_levels())
        assert now.found is not None
        today = next(row for row in now.rows if row.is_now).option
        assert today.next.median == pytest.approx(now.found.next.median, rel=0.01)


@pytest.fixture
def raising(monkeypatch: Any) -> None:
    """The rules propose a higher dose."""
    rise = NextDoseProposal(DoseAction.RAISE, say("higher"), Decimal(3))
    monkeypatch.setattr(module, "propose_dose", lambda _case: rise)


class TestMarked:
    def marked(self, *levels: tuple[int, str]) -> float | None:
        row = now_of(with_levels(*levels)).mark.row
        return None if row is None else row.option.mg

    def test_todays_dose_where_it_does_well(self) -> None:
        assert self.marked() == 3.0

    LOW = ((34, "4.1"), (27, "3.9"), (20, "4.2"), (6, "4.0"))

    def test_a_higher_one_within_a_step_where_the_rules_propose_a_rise(self, raising: None) -> None:
        assert self.marked(*self.LOW) in (3.5, 4.0)

    def test_no_higher_one_where_they_do_not(self) -> None:
        """The same levels, and nothing that says that SLE is active."""
        assert self.marked(*self.LOW) is None

    def test_never_more_than_a_step_of_1_mg(self) -> None:
        rows = ((34, "1.2"), (27, "1.1"), (20, "1.3"), (6, "1.2"))
        now = now_of(with_levels(*rows))
        assert now.mark.row is None
        assert say(NONE_LIKELY, half=HALF_OF_100) in now.mark.sentences

    def test_by_proportion_todays_where_it_is_in_range(self) -> None:
        assert self.marked((6, "9.5")) == 3.0

    @pytest.mark.parametrize(("ng_ml", "mg"), [("4.6", 4.0), ("3.6", None)])
    def test_by_proportion_the_nearest_to_the_middle(
        self, raising: None, ng_ml: str, mg: float | None
    ) -> None:
        """4.6 on 3 mg is 6.1 on 4 mg; 3.6 is 4.8 at most."""
        assert self.marked((6, ng_ml)) == mg

    def test_none_before_what_the_rules_ask_for_first(self) -> None:
        """20 ng/ml and more: hold the next dose and call (specification 4.1)."""
        now = now_of(with_levels(*((34 - 7 * n, "8") for n in range(4)), (1, "21")))
        assert now.mark.sentences[0] == say(RULES_FIRST)
        assert now.mark.row is None

    def test_no_rise_where_the_rules_reduce(self) -> None:
        now = now_of(with_levels((34, "11.5"), (27, "11"), (20, "12"), (6, "11")))
        assert now.proposal is not None
        assert now.proposal.action == "reduce"
        assert now.mark.row is not None
        assert now.mark.row.change_mg < 0


class TestDraw:
    def test_on_the_day_a_level_is_planned(self) -> None:
        place = with_levels()
        due = TODAY + timedelta(days=9)
        Task.objects.filter(patient=place.patient, kind__in=module.LEVEL_WORK).delete()
        Task.objects.create(
            patient=place.patient,
            clinic=place.clinic,
            kind="level_due",
            sentence={"text": "x", "values": {}},
            due_on=due,
            overdue_from=due,
            state=TaskState.OPEN,
        )
        now = now_of(place)
        assert now.inputs is not None
        assert now.inputs.question.draw_at.date() == due

    def test_a_new_dose_settles_within_days(self) -> None:
        now = now_of(with_levels())
        assert now.found is not None
        assert now.found.settled_days is not None
        assert 0 < now.found.settled_days < 15
        assert isinstance(now.first_sensible_draw, date)


class TestFirstDay:
    """Reviewed: the page failed on the day of the first dose."""

    def test_the_typical_patient(self) -> None:
        place = on_3_mg()
        DoseEpisode.objects.filter(drug="tacrolimus").update(start=TODAY)
        now = now_of(place)
        assert now.found is not None
        assert (now.used, now.rows[5].option.next.median > 0) == (0, True)


class TestRefused:
    def test_in_a_pause(self) -> None:
        place = with_levels()
        paused(place, TODAY - timedelta(days=2))
        now = now_of(place)
        assert now.refused
        assert (now.rows, now.warnings, now.mark.row, now.used) == ([], [], None, 0)

    def test_with_a_strong_inhibitor(self) -> None:
        place = with_levels()
        row = DoseEpisode(patient=place.patient, drug="clarithromycin", start=TODAY, dose_mg=400)
        start_episode(episode=row, by=place.doctor)
        assert now_of(place).refused
        assert keep_forecast(now=now_of(place)) is None


class TestKept:
    def test_as_it_stands_with_inputs_version_and_numbers(self) -> None:
        place = with_levels()
        now = now_of(place)
        assert now.found is not None
        row = StoredForecast.objects.get(pk=kept(place).pk)
        assert (row.model, row.model_version) == ("woillard2011", version_of(DEFAULT))
        assert (row.made_by, row.chosen_mg, row.marked_mg, row.agrees) == (place.doctor, 3, 3, True)
        assert (row.levels_used, row.led_by, row.dose_mg) == (4, LedBy.MODEL, 3)
        assert [one["ng_ml"] for one in row.inputs["levels"]] == [7.1, 6.4, 7.4, 6.8]
        assert row.inputs["target_ng_ml"] == [5.0, 10.0]
        assert row.numbers["next"]["median_ng_ml"] == round(now.found.next.median, 2)
        assert len(row.numbers["doses"]) == 10
        assert row.draw_at.astimezone(NOW.tzinfo).hour == 8

    def test_another_dose_needs_a_reason(self) -> None:
        place = with_levels()
        with pytest.raises(ValidationError) as refused:
            kept(place, choice=DoseChoice(Decimal("2.5")))
        assert set(refused.value.error_dict) == {"reason_code"}
        with pytest.raises(ValidationError) as refused:
            kept(place, choice=DoseChoice(Decimal("2.5"), "other", "  "))
        assert set(refused.value.error_dict) == {"reason_text"}
        assert not StoredForecast.objects.exists()
        row = kept(place, choice=DoseChoice(Decimal("2.5"), "kidney", " rising "))
        assert (row.agrees, row.reason_code, row.reason_text) == (False, "kidney", "rising")

    def test_the_database_asks_for_it_too(self) -> None:
        row = kept(with_levels())
        row.pk, row.chosen_mg, row.submission = None, Decimal(2), None
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()

    def test_a_second_click_keeps_nothing_twice(self) -> None:
        place, key = with_levels(), uuid4()
        assert kept(place, submission=key) == kept(place, submission=key)
        assert StoredForecast.objects.count() == 1

    def test_the_same_choice_again_is_the_first(self) -> None:
        """From a second tab, or after the back button; another one is kept beside it."""
        place = with_levels()
        first, again = kept(place, submission=uuid4()), kept(place, submission=uuid4())
        assert first == again
        kept(place, choice=DoseChoice(Decimal("2.5"), "kidney"), submission=uuid4())
        kept(place, submission=uuid4())
        assert list(StoredForecast.objects.values_list("chosen_mg", flat=True)) == [3, Decimal("2.5"), 3]

    def test_a_dose_between_the_steps_is_kept_as_it_is(self) -> None:
        place = with_levels()
        DoseEpisode.objects.filter(drug="tacrolimus").update(dose_mg=Decimal("2.25"))
        row = StoredForecast.objects.get(pk=kept(place).pk)
        assert row.dose_mg == Decimal("2.25")

    @pytest.mark.parametrize(
        "changed",
        [
            {"usual_time": time(8)},
            {"formulation": "prolonged_release"},
            {"schedule": "alternate_days"},
            {"start": TODAY - timedelta(days=90)},
        ],
    )
    def test_the_doses_taken_are_part_of_what_was_seen(self, changed: dict[str, Any]) -> None:
        place = with_levels()
        shown = seen(now_of(place))
        DoseEpisode.objects.filter(drug="tacrolimus").update(**changed)
        assert seen(now_of(place)) != shown

    def test_the_last_dose_before_each_draw_is_too(self) -> None:
        """Two doses missed before the newest level: another forecast."""
        place = with_levels()
        shown = seen(now_of(place))
        TacrolimusLevel.objects.filter(value_ng_ml="6.8").update(last_dose_at=NOW - timedelta(days=8))
        with pytest.raises(ChangedForecastError):
            kept(place, fingerprint=shown)

    def test_nor_for_a_draw_that_was_planned_anew(self) -> None:
        place = with_levels()
        Task.objects.filter(patient=place.patient, kind__in=module.LEVEL_WORK).delete()
        shown = seen(now_of(place))
        due = TODAY + timedelta(days=40)
        Task.objects.create(
            patient=place.patient, clinic=place.clinic, kind="level_due", due_on=due, overdue_from=due,
            sentence={"text": "x", "values": {}}, state=TaskState.OPEN,
        )  # fmt: skip
        with pytest.raises(ChangedForecastError):
            kept(place, fingerprint=shown)

    def test_not_what_nobody_saw(self) -> None:
        """A level arrived since the page was opened."""
        place = with_levels()
        shown = seen(now_of(place))
        level(place, "9.9", before=2)
        with pytest.raises(ChangedForecastError):
            kept(place, fingerprint=shown)
        assert not StoredForecast.objects.exists()

    def test_nor_in_a_pause_that_began_meanwhile(self) -> None:
        place = with_levels()
        shown = seen(now_of(place))
        paused(place, TODAY - timedelta(days=1))
        with pytest.raises(ChangedForecastError):
            kept(place, fingerprint=shown)

    def test_one_that_nobody_asked_for(self) -> None:
        row = keep_forecast(now=now_of(with_levels()))
        assert row is not None
        assert (row.made_by, row.chosen_mg, row.agrees) == (None, None, False)


def test_a_version_changes_with_any_number() -> None:
    assert version_of(DEFAULT) != version_of(MODELS["woillard2011"])
    assert version_of(DEFAULT) == version_of(DEFAULT)
