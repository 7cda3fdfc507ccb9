"""Settings: every threshold with its source, proposing, deciding, comparing, and who is told."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.clock import local_today
from accounts.forms.settings import ProposalForm
from accounts.models import Clinic, ClinicSettings, Role, User
from accounts.services import approve_settings, propose_settings, reject_settings
from accounts.settings_catalogue import offered
from accounts.settings_descriptions import in_words, lines, own_values, plain
from tests.accounts.administration.conftest import browser_of
from tests.markup import on_one_line


def typed(clinic: Clinic, **changes: str) -> dict[str, str]:
    """The proposal form as it opens, with some entries changed."""
    form = ProposalForm({}, local_today(clinic))
    entries = {name: str(form[name].value()) for name in form.fields}
    return {**entries, "reason": "our laboratory's assay", **changes}


def propose(desk: Client, clinic: Clinic, **changes: str) -> HttpResponse:
    return desk.post(reverse("accounts:propose_settings", args=[clinic.pk]), typed(clinic, **changes))


def page(client: Client, name: str, *arguments: Any, **asked: Any) -> str:
    return on_one_line(client.get(reverse(f"accounts:{name}", args=arguments), asked).content.decode())


class TestWords:
    @pytest.mark.parametrize(
        ("value", "written"), [(Decimal("0.50"), "0.5"), ("80", "80"), (100, "100"), ("-10.0", "-10")]
    )
    def test_numbers_without_trailing_noughts(self, value: Any, written: str) -> None:
        assert plain(value) == written

    def test_yes_no_and_choices(self) -> None:
        settings = {setting.name: setting for setting in offered()}
        assert in_words(settings["c3_confirmation"], False) == "no"
        assert in_words(settings["c3_rule"], "simple").startswith("lower than the value before")

    def test_only_what_differs_is_stored(self) -> None:
        values = {setting.name: setting.default for setting in offered()}
        assert own_values(values) == {}
        changed = {
            **values,
            "c3_lower_limit_mg_dl": Decimal("80.5"),
            "stable_days": 120,
            "c3_confirmation": False,
        }
        assert own_values(changed) == {
            "c3_lower_limit_mg_dl": "80.5", "stable_days": 120, "c3_confirmation": False,
        }  # fmt: skip

    def test_two_versions_side_by_side(self) -> None:
        rows = lines({"stable_days": 60}, {"stable_days": 60, "c3_lower_limit_mg_dl": "80"})
        (only,) = [row for row in rows if row.differs]
        assert (only.old, only.new, only.default) == ("86", "80", "86")
        assert {row.setting.name for row in rows if row.own} == {"stable_days", "c3_lower_limit_mg_dl"}


class TestPage:
    def test_it_tells_each_threshold_with_unit_default_source_and_range(
        self, desk: Client, clinic: Clinic
    ) -> None:
        answer = page(desk, "settings", clinic.pk)
        row = answer[answer.index("Lower limit where the laboratory gives none") :]
        row = row[: row.index("</tr>")]
        assert "86" in row and "mg/dl" in row and "paper" in row and "published" in row
        assert "8.6 – 860" in row
        assert all(str(setting.label) in answer for setting in offered())

    def test_an_own_value_is_marked(self, desk: Client, clinic: Clinic, doctor: User) -> None:
        propose(desk, clinic, c3_lower_limit_mg_dl="80")
        approve_settings(proposal=ClinicSettings.objects.get(), by=doctor)
        answer = page(desk, "settings", clinic.pk)
        assert "<strong>80</strong>" in answer and "version 1, since" in answer

    def test_another_clinics_settings_do_not_exist(self, desk: Client, elsewhere: Clinic) -> None:
        for name in ("settings", "propose_settings", "compare_settings"):
            assert desk.get(reverse(f"accounts:{name}", args=[elsewhere.pk])).status_code == 404

    def test_the_list_of_clinics_says_what_is_in_force(
        self, desk: Client, clinic: Clinic, doctor: User
    ) -> None:
        assert "the defaults" in page(desk, "all_settings")
        propose(desk, clinic, stable_days="120")
        assert "North, version 1" in page(desk, "all_settings")
        approve_settings(proposal=ClinicSettings.objects.get(), by=doctor)
        answer = page(browser_of(doctor), "all_settings")
        assert "version 1" in answer and "wait for a rheumatologist" not in answer


class TestProposing:
    def test_only_what_was_changed_is_kept(self, desk: Client, clinic: Clinic, administrator: User) -> None:
        answer = propose(desk, clinic, c3_lower_limit_mg_dl="８０", c3_confirmation="no", c3_rule="simple")
        assert answer["Location"] == reverse("accounts:settings_version", args=[clinic.pk, 1])
        row = ClinicSettings.objects.get()
        assert row.values == {"c3_lower_limit_mg_dl": "80", "c3_confirmation": False, "c3_rule": "simple"}
        assert (row.state, row.proposed_by, row.reason) == (
            "proposed", administrator, "our laboratory's assay",
        )  # fmt: skip
        assert row.history.get().history_user == administrator

    def test_it_opens_with_what_is_in_force(self, desk: Client, clinic: Clinic, doctor: User) -> None:
        propose(desk, clinic, stable_days="120")
        approve_settings(proposal=ClinicSettings.objects.get(), by=doctor)
        assert 'name="stable_days" value="120"' in page(desk, "propose_settings", clinic.pk)

    def test_a_double_click_is_one_version(self, desk: Client, clinic: Clinic) -> None:
        entries = typed(clinic, stable_days="120", submission=str(uuid4()))
        address = reverse("accounts:propose_settings", args=[clinic.pk])
        places = {desk.post(address, entries)["Location"] for _ in range(2)}
        assert len(places) == 1 and ClinicSettings.objects.count() == 1

    @pytest.mark.parametrize(
        ("field", "entry", "says"),
        [
            ("c3_lower_limit_mg_dl", "8,6", "with a point"),
            ("c3_lower_limit_mg_dl", "86 mg/dl", "without a unit"),
            ("c3_lower_limit_mg_dl", "", "required"),
            ("c3_lower_limit_mg_dl", "8.5", "between 8.6 and 860"),
            ("c3_lower_limit_mg_dl", "861", "between 8.6 and 860"),
            ("stable_days", "90.5", "whole number"),
            ("adherence_percent", "101", "between 8 and 100"),
            ("severe_symptom_grade", "4", "between 1 and 3"),
            ("acr_1997_criteria", "12", "between 1 and 11"),
            ("sledai_caution_above", "106", "between 1 and 105"),
            ("fever_c", "36.9", "between 37 and 40"),
            ("c3_unclear_fall_percent", "-0.5", "between -100 and -1"),
            ("c3_rule", "guess", "valid choice"),
            ("c3_confirmation", "perhaps", "valid choice"),
            ("effective_from", "tomorrow", "2026-11-22"),
            ("effective_from", "2020-01-01", "choose today or later"),
            ("reason", "", "required"),
        ],
    )
    def test_an_error_is_beside_its_field_and_nothing_is_lost(
        self, desk: Client, clinic: Clinic, field: str, entry: str, says: str
    ) -> None:
        changes = {"comparator_max_days": "170", field: entry}
        answer = propose(desk, clinic, **changes)
        assert answer.status_code == 200
        errors = answer.context["form"].errors
        assert set(errors) == {field} and says in str(errors[field])
        text = answer.content.decode()
        assert 'value="170"' in text and f'id="id_{field}_error"' in text
        assert not ClinicSettings.objects.exists()

    @pytest.mark.parametrize(
        ("lower", "upper", "low", "high"),
        [
            ("comparator_min_days", "comparator_max_days", "100", "90"),
            ("c3_baseline_min_days", "c3_baseline_max_days", "60", "40"),
            ("c3_confirmation_min_days", "c3_confirmation_max_days", "43", "42"),
            ("upcr_g_per_g", "upcr_mild_g_per_g", "1.1", "1.0"),
        ],
    )
    def test_a_lower_limit_above_its_upper_is_refused(
        self, desk: Client, clinic: Clinic, lower: str, upper: str, low: str, high: str
    ) -> None:
        answer = propose(desk, clinic, **{lower: low, upper: high})
        errors = answer.context["form"].errors
        assert set(errors) == {lower} and "must not be above" in str(errors[lower])

    def test_two_equal_limits_are_a_range(self, desk: Client, clinic: Clinic) -> None:
        answer = propose(desk, clinic, c3_confirmation_min_days="42", c3_confirmation_max_days="42")
        assert answer.status_code == 302

    def test_nothing_new_is_no_proposal(self, desk: Client, clinic: Clinic) -> None:
        answer = propose(desk, clinic, c3_lower_limit_mg_dl="86.0")
        assert "Nothing differs" in str(answer.context["form"].non_field_errors())


class TestDeciding:
    @pytest.fixture
    def proposal(self, clinic: Clinic, administrator: User) -> ClinicSettings:
        return propose_settings(
            clinic=clinic, values={"c3_lower_limit_mg_dl": "80"}, reason="assay",
            effective_from=local_today(clinic), by=administrator,
        )  # fmt: skip

    def decide(self, client: Client, name: str, row: ClinicSettings) -> HttpResponse:
        return client.post(reverse(f"accounts:{name}_settings", args=[row.clinic_id, row.version]))

    def test_the_doctor_sees_old_new_and_default_and_is_asked_once(
        self, proposal: ClinicSettings, doctor: User
    ) -> None:
        answer = page(browser_of(doctor), "settings_version", proposal.clinic_id, 1)
        row = answer[answer.index("Lower limit where") :]
        row = row[: row.index("</tr>")]
        assert "<td>86 " in row and "<strong>80</strong>" in row
        assert answer.count("data-confirm") == 2 and "Approve" in answer
        assert "Prednisolone and immunosuppressants unchanged" not in answer

    def test_the_administrator_may_look_and_not_decide(
        self, proposal: ClinicSettings, desk: Client, second: User
    ) -> None:
        for client in (desk, browser_of(second)):
            answer = page(client, "settings_version", proposal.clinic_id, 1)
            assert "data-confirm" not in answer and "Waits for a rheumatologist" in answer
            assert self.decide(client, "approve", proposal).status_code == 403

    @pytest.mark.parametrize(("name", "state"), [("approve", "approved"), ("reject", "rejected")])
    def test_a_decision(self, proposal: ClinicSettings, doctor: User, name: str, state: str) -> None:
        assert self.decide(browser_of(doctor), name, proposal).status_code == 302
        proposal.refresh_from_db()
        assert (proposal.state, proposal.decided_by) == (state, doctor)
        assert proposal.history.latest().history_user == doctor

    def test_a_second_decision_is_told_the_first(
        self, proposal: ClinicSettings, doctor: User, colleague: User
    ) -> None:
        self.decide(browser_of(doctor), "reject", proposal)
        late = self.decide(browser_of(colleague), "approve", proposal)
        assert late.status_code == 409 and "already decided" in late.content.decode()

    def test_nobody_decides_on_her_own(self, proposal: ClinicSettings, administrator: User) -> None:
        User.objects.filter(pk=administrator.pk).update(role=Role.RHEUMATOLOGIST)
        client = browser_of(User.objects.get(pk=administrator.pk))
        assert "data-confirm" not in page(client, "settings_version", proposal.clinic_id, 1)
        assert self.decide(client, "approve", proposal).status_code == 409
        assert page(client, "waiting_settings").strip() == ""

    def test_a_doctor_of_another_clinic_finds_nothing(self, proposal: ClinicSettings, stranger: User) -> None:
        assert self.decide(browser_of(stranger), "approve", proposal).status_code == 404

    def test_approved_late_it_holds_from_then_on(
        self, proposal: ClinicSettings, doctor: User, clinic: Clinic
    ) -> None:
        """What was judged in between stays so."""
        later = local_today(clinic) + timedelta(days=3)
        with time_machine.travel(f"{later.isoformat()}T12:00:00+09:00", tick=False):
            answer = page(browser_of(doctor), "settings_version", clinic.pk, 1)
            assert "holds from today" in answer
            assert approve_settings(proposal=proposal, by=doctor).effective_from == later

    def test_the_worklist_tells_the_doctor(self, proposal: ClinicSettings, doctor: User, nurse: User) -> None:
        client = browser_of(doctor)
        assert reverse("accounts:waiting_settings") in client.get("/").content.decode()
        told = page(client, "waiting_settings")
        assert "North, version 1" in told and "assay" in told
        reject_settings(proposal=proposal, by=doctor)
        assert page(client, "waiting_settings").strip() == ""
        assert reverse("accounts:waiting_settings") not in browser_of(nurse).get("/").content.decode()


class TestComparing:
    def test_any_two_versions(self, desk: Client, clinic: Clinic, doctor: User) -> None:
        for limit in ("80", "75"):
            propose(desk, clinic, c3_lower_limit_mg_dl=limit, stable_days="120")
        for asked, old, new, other in (
            ({"first": 1, "second": 2}, "80", "75", False),
            ({"first": 2, "second": 0}, "75", "86", True),
        ):
            answer = page(desk, "compare_settings", clinic.pk, **asked)
            assert f"<td>{old} " in answer and f"<strong>{new}</strong>" in answer
            assert ("immunosuppressants unchanged" in answer) is other

    @pytest.mark.parametrize("asked", [{"first": 1, "second": 9}, {"first": "x", "second": 0}, {}])
    def test_a_version_that_is_not_there(self, desk: Client, clinic: Clinic, asked: dict[str, Any]) -> None:
        answer = desk.get(reverse("accounts:compare_settings", args=[clinic.pk]), asked)
        assert answer.status_code == 200 and answer.context["form"].errors

    def test_the_same_twice_says_so(self, desk: Client, clinic: Clinic) -> None:
        propose(desk, clinic, stable_days="120")
        answer = page(desk, "compare_settings", clinic.pk, first=1, second=1)
        assert "Nothing differs" in answer

    def test_a_version_is_compared_with_the_one_it_replaced(
        self, desk: Client, clinic: Clinic, doctor: User
    ) -> None:
        day = date(2127, 1, 1)
        for limit in ("80", "75"):
            propose(desk, clinic, c3_lower_limit_mg_dl=limit, effective_from=day.isoformat())
            approve_settings(proposal=ClinicSettings.objects.latest("pk"), by=doctor)
        first, second = (page(desk, "settings_version", clinic.pk, number) for number in (1, 2))
        assert "Compared with the defaults" in first and "Compared with version 1" in second


def test_a_doctor_finds_the_settings_in_the_bar_and_a_nurse_does_not(doctor: User, nurse: User) -> None:
    link = f'href="{reverse("accounts:all_settings")}"'
    assert link in browser_of(doctor).get("/").content.decode()
    assert link not in browser_of(nurse).get("/").content.decode()
