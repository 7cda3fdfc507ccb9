"""Which dose of the table is marked: boundaries of chance, step and target, and that the rules go first."""

from decimal import Decimal

import pytest

from dosing.forecast.marking import (
    ABOVE_LABEL,
    BY_MODEL,
    BY_PROPORTION,
    CLOSED,
    FAR,
    NONE_BY_MODEL,
    NONE_BY_PROPORTION,
    NONE_LIKELY,
    RULES_FIRST,
    TODAY,
    DoseRow,
    MarkedDose,
    mark,
    row_of,
)
from dosing.pharmacokinetics.forecast import DoseOption
from dosing.pharmacokinetics.predictive_distribution import Outlook
from dosing.rules.levels.proposal import DoseAction, NextDoseProposal
from patients.messages import phrase
from patients.rules.verdict import say

TARGET = (5.0, 10.0)


def row(mg: float, within: float, now_mg: float = 3.0, proportion: float | None = None) -> DoseRow:
    outlook = Outlook(7.0, (6.0, 8.0), (4.0, 11.0), 1 - within, within, 0.0, 0.0, 15.0)
    return row_of(DoseOption(mg, outlook, outlook), now_mg, proportion)


def proposed(action: DoseAction | None) -> NextDoseProposal | None:
    return None if action is None else NextDoseProposal(action, say("so"), Decimal(3))


def by_model(action: DoseAction | None, *chances: tuple[float, float]) -> MarkedDose:
    return mark([row(mg, within) for mg, within in chances], proposed(action), TARGET, by_proportion=False)


def by_proportion(action: DoseAction | None, *levels: tuple[float, float | None]) -> MarkedDose:
    rows = [row(mg, 0.6, proportion=ng_ml) for mg, ng_ml in levels]
    return mark(rows, proposed(action), TARGET, by_proportion=True)


def marked(found: MarkedDose) -> float | None:
    return None if found.row is None else found.row.option.mg


@pytest.mark.parametrize(
    ("action", "chances", "mg"),
    [
        # Half of the patients are enough, fewer are not.
        (DoseAction.KEEP, [(3.0, 0.50)], 3.0),
        (DoseAction.KEEP, [(3.0, 0.499)], None),
        # Today's, unless another one is better by 10 of 100.
        (DoseAction.RAISE, [(3.0, 0.601), (3.5, 0.70)], 3.0),
        (DoseAction.RAISE, [(3.0, 0.60), (3.5, 0.70)], 3.5),
        (DoseAction.RAISE, [(3.0, 0.40), (3.5, 0.65), (4.0, 0.70)], 3.5),
        # At most a step of 1 mg.
        (DoseAction.RAISE, [(3.0, 0.20), (4.0, 0.60), (4.5, 0.90)], 4.0),
        (DoseAction.RAISE, [(3.0, 0.20), (4.5, 0.90)], None),
        # A higher one only where the rules propose a rise.
        (DoseAction.KEEP, [(3.0, 0.20), (3.5, 0.90)], None),
        (DoseAction.CANNOT_TELL, [(3.0, 0.20), (3.5, 0.90)], None),
        (None, [(3.0, 0.20), (3.5, 0.90)], None),
        (None, [(2.5, 0.60), (3.0, 0.20)], 2.5),
        # A lower one where they reduce.
        (DoseAction.REDUCE, [(2.5, 0.60), (3.0, 0.90)], 2.5),
        (DoseAction.REDUCE, [(3.0, 0.90)], None),
        # None where they ask for something else first.
        (DoseAction.CALL, [(3.0, 0.90)], None),
        (DoseAction.HOLD, [(3.0, 0.90)], None),
    ],
)
def test_by_the_model(
    action: DoseAction | None, chances: list[tuple[float, float]], mg: float | None
) -> None:
    assert marked(by_model(action, *chances)) == mg


@pytest.mark.parametrize(
    ("action", "levels", "mg"),
    [
        # Today's where its level is in range, ends included.
        (DoseAction.RAISE, [(3.0, 5.0), (3.5, 7.1)], 3.0),
        (DoseAction.KEEP, [(2.5, 7.1), (3.0, 10.0)], 3.0),
        # Else the nearest to the middle, which is √(5·10) = 7.07 ng/ml.
        (DoseAction.RAISE, [(3.0, 4.99), (3.5, 5.8), (4.0, 6.6)], 4.0),
        (None, [(2.0, 6.8), (2.5, 8.4), (3.0, 10.01)], 2.0),
        (DoseAction.KEEP, [(3.0, 4.99), (3.5, 5.8)], None),
        (DoseAction.REDUCE, [(2.5, 7.0), (3.0, 8.4)], 2.5),
        (DoseAction.HOLD, [(3.0, 7.0)], None),
        (DoseAction.KEEP, [(3.0, None)], None),
    ],
)
def test_by_proportion(
    action: DoseAction | None, levels: list[tuple[float, float | None]], mg: float | None
) -> None:
    assert marked(by_proportion(action, *levels)) == mg


def test_none_while_something_is_unsettled() -> None:
    """The rules' own request comes first, then what else is open."""
    rows, open_question = [row(3.0, 0.9)], say("a level that cannot be")
    found = mark(rows, None, TARGET, [open_question], by_proportion=False)
    assert (found.row, found.sentences) == (None, (open_question,))
    held = mark(rows, proposed(DoseAction.HOLD), TARGET, [open_question], by_proportion=False)
    assert held.sentences == (say(RULES_FIRST), open_question)


@pytest.mark.parametrize(
    ("action", "chances", "said"),
    [
        (DoseAction.KEEP, [(3.0, 0.60), (3.5, 0.70)], ("3.5", 70)),
        (DoseAction.KEEP, [(3.0, 0.60), (3.5, 0.699)], None),
        (DoseAction.KEEP, [(3.0, 0.30), (3.5, 0.50)], ("3.5", 50)),
        (DoseAction.KEEP, [(3.0, 0.30), (3.5, 0.49)], None),
        (DoseAction.RAISE, [(3.0, 0.60), (3.5, 0.70)], None),
        (DoseAction.KEEP, [(3.0, 0.60), (4.5, 0.90)], None),
        (DoseAction.REDUCE, [(2.5, 0.60), (3.0, 0.90)], ("3", 90)),
    ],
)
def test_a_better_one_that_the_rules_do_not_leave_open_is_named(
    action: DoseAction, chances: list[tuple[float, float]], said: tuple[str, int] | None
) -> None:
    """Else a reader of the table thinks that the wrong dose is marked."""
    found = [row for row in by_model(action, *chances).sentences if row.text == CLOSED]
    assert [(row.values["mg"], row.values["n"]) for row in found] == ([] if said is None else [said])


NO_DOSE_BY_MODEL = say(NONE_BY_MODEL, far=Decimal(1), half=50)
NO_DOSE_BY_PROPORTION = say(NONE_BY_PROPORTION, far=Decimal(1), half=50)


def test_it_is_said_in_words() -> None:
    assert by_model(None, (3.0, 0.6)).sentences == (say(BY_MODEL, mg="3"),)
    assert by_proportion(None, (3.0, 7.0)).sentences == (say(BY_PROPORTION, mg="3"),)
    assert by_proportion(None, (3.0, 2.0)).sentences == (NO_DOSE_BY_PROPORTION,)
    assert by_model(DoseAction.HOLD, (3.0, 0.6)).sentences == (say(RULES_FIRST),)
    assert by_model(None, (3.0, 0.4), (5.0, 0.6)).sentences == (NO_DOSE_BY_MODEL,)
    assert by_model(None, (3.0, 0.4)).sentences == (
        NO_DOSE_BY_MODEL,
        say(NONE_LIKELY, half=50),
    )


@pytest.mark.parametrize(
    ("mg", "now_mg", "notes"),
    [
        (3.0, 3.0, [TODAY]),
        (2.0, 3.0, []),
        (1.5, 3.0, [FAR]),
        (3.5, 3.5, [TODAY, ABOVE_LABEL]),
        (4.5, 3.0, [FAR, ABOVE_LABEL]),
        (3.0, 2.2, []),
    ],
)
def test_what_stands_beside_it(mg: float, now_mg: float, notes: list[str]) -> None:
    assert [note.text for note in row(mg, 0.6, now_mg).notes] == notes


def test_the_numbers_of_the_rules_stand_in_the_notes() -> None:
    assert [phrase(note) for note in row(4.5, 0.6, 3.0).notes] == ["step over 1 mg", "above the label's 3 mg"]


def test_the_label_speaks_of_milligrams_a_day() -> None:
    """4 mg every other day are 2 mg a day."""
    outlook = row(3.0, 0.6).option.outlook
    assert row_of(DoseOption(4.0, outlook, outlook), 4.0, None, days=2).notes == [say(TODAY)]
