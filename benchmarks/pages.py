"""Pages and fragments against an empty view behind the same middleware, in one process, in turns."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from statistics import median

from django.test import Client
from django.urls import reverse

from benchmarks.clinic import Measured

PAGE_GOAL, FORM_GOAL = 25, 40
SHELL_AND_FRAGMENTS = (
    "patients:page", "dosing:criteria", "dosing:timeline", "dosing:matters", "dosing:worst_alert",
    "patients:visits", "patients:laboratory", "patients:drugs", "patients:statements",
)  # fmt: skip
FORMS = ("patients:new_visit", "patients:new_laboratory")


@dataclass(frozen=True)
class Page:
    """A page by name, its addresses (one for each patient of the sample), and the goal of its ratio."""

    name: str
    addresses: list[str]
    goal: int


@dataclass(frozen=True)
class Timing:
    """Medians in milliseconds, of the page and of the empty view between its samples."""

    page: Page
    milliseconds: float
    empty_milliseconds: float

    @property
    def ratio(self) -> float:
        return self.milliseconds / self.empty_milliseconds


def pages(measured: Measured) -> Iterator[Page]:
    """Everything that is measured; a name that no longer exists fails the run."""
    worklist, patient_list = reverse("dosing:worklist"), reverse("patients:list")
    yield Page("worklist", [worklist], PAGE_GOAL)
    yield Page("worklist: planned work", [f"{worklist}?show=tasks"], PAGE_GOAL)
    yield Page("worklist: levels and controls due", [f"{worklist}?show=levels"], PAGE_GOAL)
    yield Page("patients, first page", [patient_list], PAGE_GOAL)
    yield Page("search by family name", [f"{patient_list}?q=Sato"], PAGE_GOAL)
    yield Page("search by number", [f"{patient_list}?q=S0000"], PAGE_GOAL)
    for name in SHELL_AND_FRAGMENTS:
        yield Page(name, [reverse(name, args=[key]) for key in measured.patients], PAGE_GOAL)
    for name in FORMS:
        yield Page(name, [reverse(name, args=[key]) for key in measured.patients], FORM_GOAL)


def measure(client: Client, page: Page, rounds: int) -> Timing:
    """Page and empty view in turns, after a warm-up of each."""
    empty = reverse("benchmark-empty")
    addresses = [page.addresses[number % len(page.addresses)] for number in range(rounds)]
    for address in (empty, addresses[0], empty, addresses[0]):
        _milliseconds(client, address)
    pairs = [(_milliseconds(client, address), _milliseconds(client, empty)) for address in addresses]
    return Timing(page, median(one for one, _ in pairs), median(other for _, other in pairs))


def _milliseconds(client: Client, address: str) -> float:
    began = time.perf_counter()
    answer = client.get(address)
    took = (time.perf_counter() - began) * 1000
    if answer.status_code != HTTPStatus.OK:
        raise RuntimeError(f"{address} answered {answer.status_code}")
    return took
