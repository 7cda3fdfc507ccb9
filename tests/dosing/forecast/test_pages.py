"""The page of the forecast: what it says, what would be otherwise, what it keeps, and to whom it speaks."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dosing.forecast.serialization import version_of
from dosing.models import StoredForecast, TacrolimusLevel
from dosing.pharmacokinetics.adjustments import DEFAULT
from patients import changes
from patients.messages import sentence
from patients.models import DoseEpisode, LaboratoryResult, Statement
from patients.services import writing
from patients.services.drugs import start_episode
from patients.services.laboratory import laboratory_named
from tests.dosing.courses import NOW, TODAY, level, on_3_mg, paused
from tests.dosing.forecasts import kept, now_of, seen, with_levels
from tests.hazards import Place, make_place
from tests.markup import on_one_line
from tests.sharing import made_once

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as moved:
        yield moved


@made_once
@time_machine.travel(NOW, tick=False)
def place() -> Place:
    return with_levels()


@pytest.fixture
def doctor(place: Place) -> Client:
    return place.client(place.doctor)


def address(place: Place, name: str = "forecast") -> str:
    return reverse(f"dosing:{name}", args=[place.patient.pk])


def text(answer: HttpResponse) -> str:
    """What a reader sees, without markup."""
    shown = re.sub(r"<(style|script|title)\b.*?</\1>", "", answer.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", shown)).split())


def answer_of(place: Place, kind: str, answer: bool) -> None:
    row = Statement(patient=place.patient, kind=kind, answer=answer, stated_on=TODAY)
    writing.insert(row, by=place.doctor)


def typed(place: Place, mg: str, **changed: Any) -> dict[str, Any]:
    return {"mg": mg, "fingerprint": seen(now_of(place)), "submission": str(uuid4()), **changed}


class TestSays:
    def test_the_next_level_with_unit_time_and_in_how_many(self, place: Place, doctor: Client) -> None:
        now = now_of(place)
        assert now.found is not None
        low, high = now.found.next.nine_tenths
        said = text(doctor.get(address(place)))
        like = f"in 90 of 100 patients like this one {low:.1f}–{high:.1f} ng/ml"
        assert f"{now.found.next.median:.1f} ng/ml , {like}" in said
        assert "12 h after 3 mg, and nothing changes" in said
        assert "The model stands first: it uses 4 levels." in said
        assert "6.9 ng/ml , 2.31 ng/ml for each mg, the mean of the last 4 levels at the usual time" in said

    def test_every_dose(self, place: Place, doctor: Client) -> None:
        page = on_one_line(doctor.get(address(place)).content.decode())
        rows = re.findall(r'<th scope="row">(?:<span[^>]*>▶</span>)?(\d\.\d) <span', page)
        assert rows == [f"{step / 2:.1f}" for step in range(1, 11)]
        assert page.count("▶</span>") == 1
        assert "Marked ▶ by the model: 3 mg." in page

    def test_few_levels_let_proportion_lead(self) -> None:
        place = with_levels((6, "6.9"))
        said = text(place.client(place.doctor).get(address(place)))
        assert (
            "Proportion stands first: with 1 level of the last year the model is not shown to be better."
            in said
        )
        assert said.index("By proportion") < said.index("By the model")

    def test_no_dose_reaches_half(self) -> None:
        place = with_levels((34, "1.2"), (27, "1.1"), (20, "1.3"), (6, "1.2"))
        said = text(place.client(place.doctor).get(address(place)))
        assert "No dose at all reaches the target in 50 of 100 patients." in said

    def test_the_model_card(self, place: Place, doctor: Client) -> None:
        said = text(doctor.get(address(place)))
        assert "what is assumed before the first level comes from kidney transplantation" in said
        assert "Br J Clin Pharmacol 71:391" in said
        assert "21.2 L/h" in said
        assert "Prednisolone (mg/day) → F × (1 − 0.67·x/(35 + x)) / 0.851 [A] Størset 2014" in said
        assert "Wang 2018 and 2019, children with lupus" in said

    def test_the_rules_beside_it(self, place: Place, doctor: Client) -> None:
        assert "Next dose by the rules" in text(doctor.get(address(place)))

    def test_what_makes_it_less_sure(self, place: Place, doctor: Client) -> None:
        assert "Haematocrit (%) is not known: 38 is assumed" in text(doctor.get(address(place)))

    def test_nothing_where_it_is_refused_but_why(self, place: Place, doctor: Client) -> None:
        row = DoseEpisode(patient=place.patient, drug="clarithromycin", start=TODAY, dose_mg=400)
        start_episode(episode=row, by=place.doctor)
        said = text(doctor.get(address(place)))
        assert "Clarithromycin changes the level too strongly for any forecast" in said
        assert "of 100" not in said

    def test_before_any_tacrolimus(self) -> None:
        place = make_place()
        said = text(place.client(place.doctor).get(address(place)))
        assert "Tacrolimus is not taken today: there is no level to forecast" in said

    def test_an_untrusted_model_without_proportion_does_not_pretend_to_have_one(
        self, place: Place, doctor: Client, monkeypatch: Any
    ) -> None:
        monkeypatch.setattr("dosing.forecast.validation.trusts_model", lambda clinic: False)
        DoseEpisode.objects.filter(drug="tacrolimus").update(last_day=TODAY - timedelta(days=1))
        row = DoseEpisode(
            patient=place.patient, drug="tacrolimus", start=TODAY, dose_mg=3, formulation="prolonged_release"
        )
        start_episode(episode=row, by=place.doctor)
        said = text(doctor.get(address(place)))
        assert "By proportion not known" in said
        assert "Proportion stands first" not in said
        assert "which is not known here" in said

    def test_the_table_leads_with_proportion_where_it_stands_first(
        self, place: Place, doctor: Client
    ) -> None:
        def heads() -> list[str]:
            page = on_one_line(doctor.get(address(place)).content.decode())
            table = page[page.index('<table class="table doses">') :]
            return re.findall(r"<th scope=\"col\"[^>]*>([^<]+)</th>", table[: table.index("</thead>")])

        assert heads().index("By proportion, ng/ml") > heads().index("Level by the model (90 of 100), ng/ml")
        TacrolimusLevel.objects.filter(value_ng_ml="7.1").delete()
        assert heads().index("By proportion, ng/ml") < heads().index("Level by the model (90 of 100), ng/ml")

    def test_when_to_draw_after_a_change(self, place: Place, doctor: Client) -> None:
        """Two days after the first draw, the 21st; five days after the change by the rules (4.1)."""
        now = now_of(place)
        assert (now.settles_on, now.first_sensible_draw) == (date(2026, 11, 23), date(2026, 11, 25))
        said = text(doctor.get(address(place)))
        assert "changed on 20 Nov 2026" in said
        assert "nine tenths of the way on 23 Nov 2026, as computed; draw from 25 Nov 2026 on" in said

    def test_how_likely_an_expresser(self, place: Place, doctor: Client) -> None:
        now = now_of(place)
        assert f"by the levels {now.expresser_percent:.0f} of 100 such patients" in text(
            doctor.get(address(place))
        )

    def test_in_a_pause(self, place: Place, doctor: Client) -> None:
        paused(place, TODAY - timedelta(days=2))
        assert doctor.get(address(place)).status_code == 200


class TestPanel:
    """On the patient's page."""

    def said(self, place: Place) -> str:
        return text(place.client(place.doctor).get(address(place, "forecast_panel")))

    def test_the_page_of_the_patient_loads_it(self, place: Place, doctor: Client) -> None:
        page = doctor.get(reverse("patients:page", args=[place.patient.pk])).content.decode()
        assert f'hx-get="{address(place, "forecast_panel")}"' in page

    def test_the_next_level_its_chances_and_the_way_to_each_dose(self, place: Place, doctor: Client) -> None:
        now = now_of(place)
        assert now.found is not None
        said = self.said(place)
        assert f"{now.found.next.median:.1f} ng/ml , in 90 of 100 patients like this one" in said
        assert "12 h after 3 mg, and nothing changes" in said
        assert f"{now.found.next.of_100.within} in the target 5–10 ng/ml" in said
        assert f'href="{address(place)}"' in doctor.get(address(place, "forecast_panel")).content.decode()

    def test_the_gravest_doubts_and_how_many_more(self, place: Place) -> None:
        TacrolimusLevel.objects.update(last_dose_at=None)
        warnings = now_of(place).warnings
        said = self.said(place)
        assert all(sentence(row) in said for row in warnings[:3])
        assert sentence(warnings[3]) not in said
        assert f"and {len(warnings) - 3} more" in said

    def test_why_there_is_none(self, place: Place) -> None:
        row = DoseEpisode(patient=place.patient, drug="clarithromycin", start=TODAY, dose_mg=400)
        start_episode(episode=row, by=place.doctor)
        said = self.said(place)
        assert "Clarithromycin changes the level too strongly for any forecast" in said
        assert "ng/ml" not in said

    def test_before_any_tacrolimus(self) -> None:
        place = make_place()
        assert "Not on tacrolimus: no level to forecast." in self.said(place)
        assert address(place) not in place.client(place.doctor).get(address(place, "forecast_panel")).text


def test_as_many_queries_for_many_levels_and_kept_forecasts(place: Place, doctor: Client) -> None:
    def queries(name: str) -> int:
        doctor.get(address(place, name))
        with CaptureQueriesContext(connection) as seen_queries:
            doctor.get(address(place, name))
        return len(seen_queries)

    pages = ("forecast", "forecast_panel", "what_if")
    kept(place)
    few = {name: queries(name) for name in pages}
    with changes.held():
        for before in range(8, 12):
            level(place, "6.6", before=before)
    for _ in range(3):
        kept(place, submission=uuid4())
    assert {name: queries(name) for name in pages} == few
    assert max(few.values()) <= 40


class TestBlood:
    @pytest.mark.parametrize(
        ("percent", "sentence"), [("20", "lies outside"), ("28", "below 30 %"), ("37", "")]
    )
    def test_a_haematocrit_out_of_the_common(
        self, place: Place, doctor: Client, percent: str, sentence: str
    ) -> None:
        row = LaboratoryResult(
            patient=place.patient,
            analyte="haematocrit",
            collected_at=NOW - timedelta(days=1),
            value=Decimal(percent),
            entered=percent,
            laboratory=laboratory_named(clinic=place.clinic, name="Central", by=place.doctor),
        )
        writing.insert(row, by=place.doctor)
        said = text(doctor.get(address(place)))
        assert "Haematocrit (%) is not known" not in said
        assert sentence in said


class TestNasty:
    """Issue 6: each of these gives a sentence, and the page still works."""

    @pytest.mark.parametrize(
        ("levels", "sentence"),
        [
            ([(6, "3"), (5, "20"), (4, "3"), (3, "19")], "is far below the expected"),
            ([(60, "7"), (6, "7")], "that the drug list does not have: that level is left out"),
            ([(6, "0.3")], "Proportion stands first"),
        ],
    )
    def test_levels(self, levels: list[tuple[int, str]], sentence: str) -> None:
        place = with_levels(*levels)
        answer = place.client(place.doctor).get(address(place))
        assert answer.status_code == 200
        assert sentence in text(answer)

    def test_no_time_of_the_last_dose(self, place: Place, doctor: Client) -> None:
        TacrolimusLevel.objects.filter(value_ng_ml="6.8").update(last_dose_at=None)
        assert "The time of the last dose is not known for the level of 14 Nov 2026" in text(
            doctor.get(address(place))
        )

    def test_no_level(self) -> None:
        place = on_3_mg()
        said = text(place.client(place.doctor).get(address(place)))
        assert "Without a level this is the typical patient, not this one." in said
        assert "not known: no level on such a dose at the usual time" in said

    def test_a_genotype_that_the_levels_contradict(self, place: Place, doctor: Client) -> None:
        TacrolimusLevel.objects.update(value_ng_ml=Decimal(13))
        answer_of(place, "cyp3a5_expresser", True)
        assert "The levels speak against the recorded CYP3A5 genotype" in text(doctor.get(address(place)))

    def test_levels_of_four_years(self, place: Place, doctor: Client) -> None:
        """Rows are made plainly: each service would assess the patient again."""
        DoseEpisode.objects.filter(drug="tacrolimus").update(start=TODAY - timedelta(days=1400))
        first = TacrolimusLevel.objects.earliest("drawn_at")
        for number in range(30):
            first.pk = None
            first.drawn_at = NOW - timedelta(days=60 + 40 * number, hours=2)
            first.last_dose_at = first.drawn_at - timedelta(hours=12 + number % 3)
            first.save()
        assert "it uses 34 levels" in text(doctor.get(address(place)))

    def test_many_levels(self, place: Place, doctor: Client) -> None:
        with changes.held():
            for before in range(5, 39):
                if before not in (6, 20, 27, 34):
                    level(place, "6.6", before=before)
        assert "it uses 34 levels" in text(doctor.get(address(place)))


class TestWhatIf:
    def test_no_id_is_there_twice(self, place: Place, doctor: Client) -> None:
        """The doctor's choice stands on the same page, with a dose of its own."""
        ids = re.findall(r' id="([^"]+)"', doctor.get(address(place)).content.decode())
        assert len(ids) == len(set(ids))

    def test_another_dose(self, place: Place, doctor: Client) -> None:
        said = text(doctor.get(address(place, "what_if"), {"mg": "2"}))
        row = next(row for row in now_of(place).rows if row.option.mg == 2)
        assert f"{row.option.next.median:.1f} ng/ml , in 90 of 100 patients like this one" in said
        assert re.search(r"\(−\d+ %;", said)

    def test_the_page_without_scripts_says_the_same(self, place: Place, doctor: Client) -> None:
        found = text(doctor.get(address(place, "what_if"), {"mg": "2"}))
        assert found in text(doctor.get(address(place), {"mg": "2"}))

    @pytest.mark.parametrize(
        ("typed", "sign"),
        [
            ({"prednisolone_mg": "0"}, "+"),
            ({"prednisolone_mg": "40"}, "−"),
            ({"drug": "diltiazem"}, "+"),
            ({"missed": "1"}, "−"),
        ],
    )
    def test_other_changes(self, place: Place, doctor: Client, typed: dict[str, str], sign: str) -> None:
        assert re.search(rf"\({re.escape(sign)}\d+ %;", text(doctor.get(address(place, "what_if"), typed)))

    @pytest.mark.parametrize("typed", [{}, {"mg": ""}, {"missed": "", "drug": ""}])
    def test_nothing_changed(self, place: Place, doctor: Client, typed: dict[str, str]) -> None:
        assert "Change something above" in text(doctor.get(address(place, "what_if"), typed))

    @pytest.mark.parametrize(
        "typed",
        [
            {"mg": "7"},
            {"mg": "x"},
            {"prednisolone_mg": "-3"},
            {"prednisolone_mg": "a lot"},
            {"drug": "rifampicin"},
            {"missed": "9"},
        ],
    )
    def test_bad_input_is_said_beside_its_name(
        self, place: Place, doctor: Client, typed: dict[str, str]
    ) -> None:
        answer = doctor.get(address(place, "what_if"), typed)
        assert answer.status_code == 200
        assert "field-error" in answer.content.decode()

    def test_nothing_is_kept(self, place: Place, doctor: Client) -> None:
        doctor.get(address(place, "what_if"), {"mg": "2"})
        assert not StoredForecast.objects.exists()

    def test_refused_it_says_so(self, place: Place, doctor: Client) -> None:
        paused(place, TODAY - timedelta(days=2))
        assert "There is no forecast." in text(doctor.get(address(place, "what_if"), {"mg": "2"}))


class TestOtherModels:
    def test_as_published_and_alternatives_are_one_click_away(self, place: Place, doctor: Client) -> None:
        page = on_one_line(doctor.get(address(place)).content.decode())
        offered = re.findall(r'href="[^"]*\?model=(\w+)"', page)
        assert offered == ["as_published", "after_supper", "andrews2019"]
        assert f"Version {version_of(DEFAULT)}." in page

    def test_prolonged_release_has_an_alternative_of_its_own(self, place: Place, doctor: Client) -> None:
        DoseEpisode.objects.filter(drug="tacrolimus").update(formulation="prolonged_release")
        offered = re.findall(r"model=(\w+)", doctor.get(address(place)).content.decode())
        assert offered == ["as_published", "benkali2010"]

    @pytest.mark.parametrize("name", ["as_published", "after_supper", "andrews2019"])
    def test_another_one_says_so_and_keeps_nothing(self, place: Place, doctor: Client, name: str) -> None:
        usual, other = (text(doctor.get(address(place), {"model": one})) for one in ("", name))
        assert "You look through another model" in other
        assert "You look through another model" not in usual
        assert "Your choice" not in other
        assert other != usual

    def test_an_unknown_one_is_the_usual(self, place: Place, doctor: Client) -> None:
        assert "You look through" not in text(doctor.get(address(place), {"model": "nonsense"}))

    def test_as_published_knows_no_prednisolone(self, place: Place, doctor: Client) -> None:
        said = text(doctor.get(address(place), {"model": "as_published"}))
        assert "Størset" not in said
        assert "Patients differ in CL by 0.38" not in said


class TestChoice:
    def test_the_marked_dose_is_kept_without_a_reason(self, place: Place, doctor: Client) -> None:
        answer = doctor.post(address(place), typed(place, "3"), follow=True)
        assert "the dose stays as it is" in text(answer)
        assert StoredForecast.objects.get().agrees
        assert "Kept forecasts" in text(answer)
        assert "not drawn yet" in text(answer)

    def test_another_one_leads_to_the_change_of_the_dose(self, place: Place, doctor: Client) -> None:
        answer = doctor.post(address(place), typed(place, "2.5", reason_code="kidney"))
        assert answer["Location"] == address(place, "change_dose")
        assert StoredForecast.objects.get().reason_code == "kidney"
        assert DoseEpisode.objects.filter(patient=place.patient, drug="tacrolimus").count() == 1

    @pytest.mark.parametrize(
        ("changed", "sentence"),
        [
            ({"mg": ""}, "Choose a dose"),
            ({"mg": "9"}, "not one of the available choices"),
            ({"mg": "2"}, "Choose a reason: another dose is marked."),
            ({"mg": "2", "reason_code": "other"}, "Say which other reason"),
            ({"mg": "2", "reason_code": "nonsense"}, "not one of the available choices"),
        ],
    )
    def test_bad_input(self, place: Place, doctor: Client, changed: dict[str, str], sentence: str) -> None:
        answer = doctor.post(address(place), {**typed(place, "3"), **changed})
        assert sentence in text(answer)
        assert not StoredForecast.objects.exists()

    def test_facts_that_changed_are_shown_first(self, place: Place, doctor: Client) -> None:
        before = typed(place, "3")
        level(place, "9", before=2)
        answer = doctor.post(address(place), before)
        assert answer.status_code == 409
        assert "Something was recorded since this page was opened" in text(answer)
        again = re.search(r'name="fingerprint" value="(\w+)"', answer.content.decode())
        assert again is not None
        assert doctor.post(address(place), {**before, "fingerprint": again[1]}).status_code == 302

    def test_a_nurse_sees_it_but_chooses_nothing(self, place: Place) -> None:
        nurse = place.client(place.nurse)
        assert "Your choice" not in text(nurse.get(address(place)))
        assert nurse.post(address(place), typed(place, "3")).status_code == 403
        assert not StoredForecast.objects.exists()

    def test_a_stranger_finds_nothing(self, place: Place) -> None:
        other = make_place("Elsewhere")
        stranger = other.client(other.doctor)
        assert stranger.post(address(place), typed(place, "3")).status_code == 404


class TestPicture:
    def test_a_dot_for_each_level_and_both_bands(self, place: Place, doctor: Client) -> None:
        page = on_one_line(doctor.get(address(place)).content.decode())
        kinds = re.findall(r'<path class="([^"]+)"', page)
        assert kinds.count("draw") == 4
        assert {"target", "half", "nine-tenths", "course", "now"} <= set(kinds)
        assert {"dose", "dose planned"} <= set(kinds)

    def test_hollow_where_drawn_at_another_time(self, place: Place, doctor: Client) -> None:
        level(place, "12", before=3, hours=4)
        assert 'class="draw apart"' in doctor.get(address(place)).content.decode()

    def test_its_table_ends_with_the_next_level(self, place: Place, doctor: Client) -> None:
        now = now_of(place)
        assert now.found is not None
        low, high = now.found.next.nine_tenths
        said = text(doctor.get(address(place)))
        assert f"21 Nov 2026 08:00 to come {now.found.next.median:.1f}" in said
        assert f"{low:.1f}–{high:.1f}" in said[said.index("to come") :]

    def test_no_number_that_is_none(self, place: Place, doctor: Client) -> None:
        shapes = re.findall(r' d="([^"]+)"', doctor.get(address(place)).content.decode())
        assert len(shapes) > 10
        assert not any("nan" in shape or "None" in shape or "inf" in shape for shape in shapes)
