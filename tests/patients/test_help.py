"""Help where a question arises: every topic has its place, every place its topic, and it is text."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from django.test import Client
from django.urls import reverse

from accounts.clock import local_today
from dosing import help as dosing
from patients.help import TOPICS, Topic
from patients.models import LaboratoryResult
from patients.services import visits
from tests.hazards import Place, make_place
from tests.markup import on_one_line

USED = re.compile(r'{%\s*(?:help_about|dosing_help) "(\w+)"')
NAMED = re.compile(r'help_topic = "(\w+)"')


def sources() -> str:
    """All templates and form classes."""
    templates = Path(settings.BASE_DIR, "templates").rglob("*.html")
    forms = Path(settings.BASE_DIR, "patients", "forms").glob("*.py")
    return "\n".join(path.read_text() for path in (*templates, *forms))


def shown(template: str, **context: object) -> str:
    return Template("{% load help %}" + template).render(Context(context))


class TestComponent:
    def test_a_summary_that_opens_by_key_and_names_what_it_explains(self) -> None:
        html = shown('{% help_about "signing" %}')
        assert html.count("<details") == 1 and html.count("<summary>") == 1
        assert "Help: Signing a visit" in html and "Only a signed visit counts" in html

    def test_the_source_only_where_there_is_one(self) -> None:
        assert "Source:" not in shown('{% help_about "signing" %}')
        assert "Source: Clinical specification 2.4" in shown('{% help_about "during_infection" %}')

    def test_neither_script_nor_style_which_the_browser_would_refuse(self) -> None:
        html = "".join(shown(f'{{% help_about "{topic}" %}}') for topic in TOPICS)
        assert not re.search(r"style=|<script|\son\w+=", html)

    def test_text_is_escaped(self) -> None:
        html = Template('{% include "components/help.html" %}').render(
            Context({"topic": Topic("<b>", "a < b", "<i>")})
        )
        assert "<b>" not in html and "<i>" not in html and "a &lt; b" in html

    def test_a_topic_that_nobody_wrote_is_an_error(self) -> None:
        with pytest.raises(KeyError):
            shown('{% help_about "nonsense" %}')


class TestTopics:
    def test_those_that_pages_ask_for_are_written(self) -> None:
        asked = set(USED.findall(sources())) | set(NAMED.findall(sources()))
        assert asked and asked <= TOPICS.keys() | dosing.TOPICS.keys()

    @pytest.mark.parametrize("name", dosing.TOPICS)
    def test_each_about_tacrolimus_has_its_numbers(self, name: str) -> None:
        topic = dosing.topic(name)
        assert str(topic.title) and len(topic.text) > 80
        assert "%(" not in f"{topic.text} {topic.source}"

    @pytest.mark.parametrize("name", TOPICS)
    def test_each_has_a_title_and_says_more_than_the_title(self, name: str) -> None:
        topic = TOPICS[name]
        assert str(topic.title) and len(str(topic.text)) > 80


@pytest.mark.django_db
class TestPages:
    @pytest.fixture
    def place(self) -> Place:
        return make_place()

    @pytest.fixture
    def doctor(self, place: Place) -> Client:
        return place.client(place.doctor)

    def helped(self, client: Client, place: Place, name: str, *rest: object) -> set[str]:
        """The titles of the explanations on a page."""
        html = on_one_line(
            client.get(reverse(f"patients:{name}", args=[place.patient.pk, *rest])).content.decode()
        )
        return set(re.findall(r"Help: ([^<]+)</span>", html))

    def test_they_stand_where_the_question_arises(self, doctor: Client, place: Place) -> None:
        result = LaboratoryResult.objects.filter(patient=place.patient).latest("pk").pk
        assert self.helped(doctor, place, "fact", "laboratory", result) == {"Entered in error"}
        assert self.helped(doctor, place, "drugs") == {"Drug list complete"}
        assert self.helped(doctor, place, "confirm_history") == {"Drug list complete"}
        assert self.helped(doctor, place, "new_statement") == {"Unknown"}
        assert self.helped(doctor, place, "laboratory") == {"Limits"}
        assert self.helped(doctor, place, "new_laboratory") == {
            "During an infection", "Fasting and haemolysed", "Numbers, &lt; and &gt;, units", "Limits",
        }  # fmt: skip

    def test_not_assessed_is_explained_only_where_something_is(self, doctor: Client, place: Place) -> None:
        assert self.helped(doctor, place, "visits") == {"SLEDAI-2K"}
        today: date = local_today(place.clinic)
        visit = visits.open_visit(patient=place.patient, on=today, values={}, by=place.doctor)
        visits.sign_visit(visit=visit, by=place.doctor, expected_version=1)
        assert self.helped(doctor, place, "visits") == {"SLEDAI-2K", "Not assessed"}
