"""Every threshold is offered with a label, its unit, its range, and the source that the rules name."""

import inspect
import re
from dataclasses import fields
from decimal import Decimal

import pytest

from accounts.settings_catalogue import Setting, offered
from dosing.rules import thresholds
from dosing.rules.thresholds import RANGES, STUDY, Thresholds, allowed_range, override

SETTINGS = {setting.name: setting for setting in offered()}
NUMBERS = [setting for setting in offered() if setting.lowest is not None]
# "name: type = value  # source" in the declaration, which the clinical specification is copied into.
COMMENTS = dict(
    re.findall(r"^    (\w+): .*?  # (.*)$", inspect.getsource(thresholds.Thresholds), re.MULTILINE)
)
by_name = pytest.mark.parametrize("setting", offered(), ids=lambda setting: setting.name)


def test_every_threshold_is_offered_once_and_nothing_else() -> None:
    names = [setting.name for setting in offered()]
    assert len(names) == len(set(names))
    assert set(names) == {field.name for field in fields(Thresholds)} - {"version"}


@by_name
def test_the_default_is_that_of_the_rules(setting: Setting) -> None:
    assert setting.default == getattr(STUDY, setting.name)
    assert setting.whole == (type(setting.default) is int)


@by_name
def test_the_source_is_the_one_that_the_rules_name(setting: Setting) -> None:
    comment = COMMENTS[setting.name]
    if comment.startswith("[D]"):
        assert (str(setting.source), setting.published) == ("choice of this project", False)
    elif comment.startswith("[M]"):
        assert "to be confirmed" in str(setting.source) and not setting.published
    elif setting.name == "allow_mild_renal":
        # The paper allows it; that it is off is this project's choice.
        assert not setting.published
    elif comment.startswith("[P]"):
        assert (str(setting.source), setting.published) == ("study's paper", True)
    else:
        assert setting.published


@by_name
def test_a_number_has_a_unit_and_its_label_is_its_own(setting: Setting) -> None:
    assert str(setting.label)
    assert bool(str(setting.unit)) is (setting in NUMBERS)
    assert sum(str(other.label) == str(setting.label) for other in offered()) == 1


@pytest.mark.parametrize("setting", NUMBERS, ids=lambda setting: setting.name)
def test_the_range_that_is_told_is_the_range_that_is_kept(setting: Setting) -> None:
    def accepted(value: Decimal) -> bool:
        try:
            override(STUDY, {setting.name: int(value) if setting.whole else str(value)})
        except ValueError as error:
            return "must not be above" in str(error)
        return True

    assert setting.lowest is not None and setting.highest is not None
    step = Decimal(1) if setting.whole else Decimal("0.001")
    assert accepted(setting.lowest) and accepted(setting.highest)
    assert not accepted(setting.lowest - step) and not accepted(setting.highest + step)


def test_the_upper_limit_of_a_range_is_named() -> None:
    assert {(name, setting.not_above) for name, setting in SETTINGS.items() if setting.not_above} == set(
        RANGES
    )


def test_what_is_no_number_has_no_range() -> None:
    assert [allowed_range(name) for name in ("c3_rule", "c3_confirmation")] == [None, None]


def test_the_choices_are_those_of_the_rules() -> None:
    assert [value for value, _label in SETTINGS["c3_rule"].choices] == list(thresholds.C3_RULES)
