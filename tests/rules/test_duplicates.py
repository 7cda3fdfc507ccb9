"""Two registrations that may be one person: what is asked about, and what is not."""

from dataclasses import dataclass

import pytest

from patients.rules.dates import PartialDate
from patients.rules.duplicates import likeness
from patients.rules.person_keys import number_part, search_parts

BORN = "1980-05-05"


@dataclass(frozen=True)
class Person:
    family_name: str
    given_name: str = ""
    birth: PartialDate | None = None
    number: str = "7"
    family_name_reading: str = ""
    given_name_reading: str = ""
    former_names: str = ""


def born(family: str, given: str = "", birth: str = BORN, number: str = "8", **more: str) -> Person:
    return Person(family, given, PartialDate.parse(birth), number, **more)


# The kinds that public reports of other systems name: each pair was born on one day.
ALIKE = [
    (born("Sato", "Hanako", number="1"), born("Hanako", "Sato")),
    (born("O'Hara", "Ann", number="1"), born("O’Hara", "Ann")),
    (born("サトウ", "ハナコ", number="1"), born("ｻﾄｳ", "ﾊﾅｺ")),
    (born("Müller", "Eva", number="1"), born("Muller", "Eva")),
    (born("Müller", "Eva", number="1"), born("Mueller", "Eva")),
    (born("Smith-Jones", "Amy", number="1"), born("Smith–Jones", "Amy")),
    (born("髙橋", "花子", number="1"), born("高橋", "花子")),
    (born("佐藤", "花子", number="1"), born("佐藤花子")),
    (born("Abe", "Yuki", number="1"), born("Kato", "Yuki")),  # after a marriage
    (born("Abe", "Yuki", number="1"), born("Kato", "Yukie", former_names="Abe")),
    (born("佐藤", "花子", number="1", family_name_reading="サトウ", given_name_reading="ハナコ"),
     born("さとう", "はなこ")),
    (born("Sukarno", number="1"), born("sukarno")),
    (born("Sato", "Hanako", number="1"), born("Satoh", "Hanako")),
    (born("Sato", "Hanako", "1980", number="1"), born("Sato", "Hanna")),  # the year alone is known
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_asked_about_in_both_directions(one: Person, other: Person) -> None:
    assert likeness(one, other) is not None
    assert likeness(other, one) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (born("Sato", "Hanako", number="1"), born("Tanaka", "Yuki")),  # a day of birth in common
        (born("Sato", "Hanako", number="1"), born("Sato", "Yuki", "1981-05-05")),  # a family name
        (born("", "", number="1"), born("Tanaka", "Yuki", "1981")),
    ],
)
def test_not_asked_about(one: Person, other: Person) -> None:
    assert likeness(one, other) is None


@pytest.mark.parametrize("number", ["T1038", "Ｔ１０３８", "t1038", "#T1038", " t 1038 "])
def test_a_number_in_any_width_and_case(number: str) -> None:
    assert number_part(number) == "t1038"


def test_a_dash_in_a_number_stays() -> None:
    assert number_part("12-3") == number_part("１２－３") == number_part("12–3") != number_part("1-23")


def test_the_likelier_has_more_points() -> None:
    new = born("Sato", "Hanako")
    same = likeness(new, born("Sato", "Hanako", number="1"))
    namesake = likeness(new, born("Sato", "Hanako", "1950", number="1"))
    assert same is not None
    assert namesake is not None
    assert same.points > namesake.points


def test_a_name_is_found_from_each_of_its_letters_on() -> None:
    person = born("髙橋", "花子", family_name_reading="たかはし", former_names="Abe, 山田花子")
    parts = search_parts(person)
    assert {part for part, is_beginning in parts.items() if is_beginning} == {
        "高橋花子", "花子高橋", "タカハシ", "abe", "山田花子", "#8"
    }  # fmt: skip
    assert {"橋花子", "花子", "子", "カハシ", "be", "田花子"} <= parts.keys()
    assert not parts["花子"]
