"""The WHO-UMC categories as clinical specification 4.7 sums them up (S38)."""

import pytest

from dosing.rules.who_umc import CATEGORIES, Category

WORDS = {row.category: " ".join(row.points) for row in CATEGORIES}


def test_every_category_once_from_certain_down() -> None:
    assert [row.category for row in CATEGORIES] == list(Category)
    assert [row.label for row in CATEGORIES] == [
        "certain", "probable", "possible", "unlikely", "conditional", "unassessable",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("category", "said"),
    [
        (Category.CERTAIN, "plausible time"),
        (Category.CERTAIN, "cannot be explained by disease or other drugs"),
        (Category.CERTAIN, "definitive"),
        (Category.CERTAIN, "given again, if that was necessary"),
        (Category.PROBABLE, "reasonable time"),
        (Category.PROBABLE, "unlikely to be due to disease or other drugs"),
        (Category.PROBABLE, "reasonable response to withdrawal"),
        (Category.POSSIBLE, "reasonable time"),
        (Category.POSSIBLE, "could also be explained"),
        (Category.POSSIBLE, "lacking or unclear"),
        (Category.UNLIKELY, "improbable"),
        (Category.CONDITIONAL, "more data are needed"),
        (Category.UNASSESSABLE, "insufficient or contradictory"),
    ],
)
def test_criteria(category: Category, said: str) -> None:
    assert said in WORDS[category]
