"""The calls that go up: each path leads to what it promises, and lower apps name dosing nowhere else."""

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils.module_loading import import_string

from accounts import upward
from accounts.settings_catalogue import Setting
from patients.history import HistoryTable

ROOT = Path(__file__).parents[2]
CALLS = (
    (upward.reassess, upward.REASSESS),
    (upward.check_settings, upward.CHECK_SETTINGS),
    (upward.settings_approved, upward.SETTINGS_APPROVED),
    (upward.assay_changed, upward.ASSAY_CHANGED),
)


@pytest.mark.parametrize(("call", "path"), CALLS, ids=[path for _call, path in CALLS])
def test_a_call_leads_to_a_function_of_the_same_parameters(call: object, path: str) -> None:
    assert list(inspect.signature(import_string(path)).parameters) == list(inspect.signature(call).parameters)


def test_settings_and_kinds_are_what_the_lower_apps_know() -> None:
    assert {type(each) for each in upward.settings()} == {Setting}
    assert {type(each) for each in upward.history_kinds().values()} == {HistoryTable}


def _texts(app: str) -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / app).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield str(path.relative_to(ROOT)), node.value


def test_accounts_and_patients_name_modules_of_dosing_in_one_place() -> None:
    found = {
        path for app in ("accounts", "patients") for path, text in _texts(app) if text.startswith("dosing.")
    }
    assert found == {"accounts/upward.py"}
