"""The monitoring calendar: what is due on tacrolimus, when, and what of it is still missing.

Clinical specification 4.4, built on the label's monthly checks of the first three months and the study's
safety laboratory. Only the present control counts: an old one that was missed is not asked for again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from dosing.rules.case import Case
from dosing.rules.findings import TaskFinding
from patients.rules.reading import latest_laboratory
from patients.rules.verdict import Message, gettext_noop, say

DAY = timedelta(days=1)
WEEK_DAYS = 7
OVERDUE_AFTER = timedelta(days=14)
FIRST_DAY, FIRST_OVERDUE_FROM = 7, 15
MONTHLY = (28, 56, 84)
LATER_EVERY = 56
YEAR = 364
QUARTER_DAYS = 92
# [D] A later control may be done up to four weeks early; an early one from halfway to the one before.
EARLY_DAYS = {7: 4, 28: 12, 56: 14, 84: 14}
LATER_EARLY_DAYS = 28
CHANGE_DUE, CHANGE_FROM, CHANGE_OVERDUE_FROM, CHANGE_ASKED_DAYS = 7, 5, 15, 28
EFFECT_DUE, EFFECT_OVERDUE_FROM = 56, 71

LEVEL = gettext_noop("level")
BLOOD_PRESSURE = gettext_noop("blood pressure")
VISIT = gettext_noop("visit with SLEDAI")
# What is measured at a control, and the result that shows that it was.
CHEMISTRY = {"creatinine": gettext_noop("creatinine"), "potassium": gettext_noop("potassium"),
             "glucose": gettext_noop("glucose")}  # fmt: skip
BLOOD_AND_LIVER = {"haemoglobin": gettext_noop("blood count"), "alt": gettext_noop("liver tests")}
ACTIVITY = {
    "upcr": gettext_noop("urine protein"),
    "c3": gettext_noop("C3"),
    "dsdna": gettext_noop("anti-dsDNA"),
}
CK = {"ck": gettext_noop("CK")}
MAGNESIUM = {"magnesium": gettext_noop("magnesium")}
HBA1C = {"hba1c": gettext_noop("HbA1c")}
YEARLY = {"urate": gettext_noop("urate"), "chest_xray": gettext_noop("chest X-ray")}
HEPATITIS_B = {"hbv_dna": gettext_noop("HBV-DNA")}
MAGNESIUM_AT = (28, 84)


@dataclass(frozen=True)
class MonitoringControl:
    """One control of the calendar: the day of treatment on which it is due, and its items."""

    day: int
    due_on: date
    overdue_from: date
    missing: tuple[str, ...]
    known: tuple[str, ...]

    @property
    def subject(self) -> str:
        return f"day {self.day}"


def due(case: Case) -> Iterator[TaskFinding]:
    """The work that the calendar plans for a patient who takes tacrolimus on the day."""
    first = case.first_dose_on
    if first is None or not case.is_on_tacrolimus:
        return
    control = present_control(case, first)
    yield TaskFinding("control", _sentence(control), control.due_on, control.overdue_from, control.subject)
    yield from _after_change(case, first, control)
    yield from _effect(case, first)


def present_control(case: Case, first: date) -> MonitoringControl:
    """The control that may be done now if anything of it is missing, else the next one."""
    days = (case.on - first).days
    present = max((day for day in _days(days) if day - _early(day) <= days), default=FIRST_DAY)
    control = _control(case, first, present)
    return control if control.missing else _control(case, first, _next(present))


def _control(case: Case, first: date, day: int) -> MonitoringControl:
    opens = first + timedelta(days=day - _early(day))
    wanted = dict(_wanted(case, day))
    known = {item for item in wanted if _known(case, item, opens)}
    due_on = first + timedelta(days=day)
    return MonitoringControl(
        day=day,
        due_on=due_on,
        overdue_from=first + timedelta(days=FIRST_OVERDUE_FROM)
        if day == FIRST_DAY
        else due_on + OVERDUE_AFTER + DAY,
        missing=tuple(label for item, label in wanted.items() if item not in known),
        known=tuple(label for item, label in wanted.items() if item in known),
    )


def _days(until: int) -> Iterator[int]:
    """The days of treatment on which a control is due, up to a little after `until`."""
    yield FIRST_DAY
    yield from MONTHLY
    day = MONTHLY[-1] + LATER_EVERY
    while day - LATER_EARLY_DAYS <= until:
        yield day
        day += LATER_EVERY


def _next(day: int) -> int:
    following = [other for other in (FIRST_DAY, *MONTHLY) if other > day]
    return following[0] if following else day + LATER_EVERY


def _early(day: int) -> int:
    return EARLY_DAYS.get(day, LATER_EARLY_DAYS)


def _wanted(case: Case, day: int) -> Iterator[tuple[str, str]]:
    """The items of a control with their names, in the order of the calendar's columns."""
    yield LEVEL, LEVEL
    yield from CHEMISTRY.items()
    if _quarterly(case, "hba1c", day):
        yield from HBA1C.items()
    yield BLOOD_PRESSURE, BLOOD_PRESSURE
    if day <= MONTHLY[-1]:
        yield from CK.items()
    yield from BLOOD_AND_LIVER.items()
    if day in MAGNESIUM_AT or (day > MONTHLY[-1] and _quarterly(case, "magnesium", day)):
        yield from MAGNESIUM.items()
    if day != FIRST_DAY:
        yield from ACTIVITY.items()
        yield VISIT, VISIT
    if _past_hepatitis_b(case):
        yield from HEPATITIS_B.items()
    if day == YEAR:
        yield from YEARLY.items()


def _quarterly(case: Case, analyte: str, day: int) -> bool:
    """Due when the last one is three months old on the day of the control; never on day 7."""
    first = case.first_dose_on
    if first is None or day == FIRST_DAY:
        return False
    row = latest_laboratory(case.record, analyte, case.on)
    opens = first + timedelta(days=day - _early(day))
    due_on = first + timedelta(days=day)
    return row is None or row.on >= opens or (due_on - row.on).days >= QUARTER_DAYS


def _past_hepatitis_b(case: Case) -> bool:
    rows = (latest_laboratory(case.record, analyte, case.on) for analyte in ("anti_hbc", "hbsag"))
    return any(row is not None and row.finding == "positive" for row in rows)


def _known(case: Case, item: str, since: date) -> bool:
    if item == LEVEL:
        return any(level.on >= since for level in case.treatment.levels)
    if item == VISIT:
        return any(visit.on >= since for visit in case.record.visits)
    if item == BLOOD_PRESSURE:
        return any(visit.on >= since and visit.systolic_mm_hg is not None for visit in case.record.visits)
    row = latest_laboratory(case.record, item, case.on)
    return row is not None and row.on >= since


def _sentence(control: MonitoringControl) -> Message:
    if control.day == FIRST_DAY:
        return say(gettext_noop("Day 7 of tacrolimus: %(items)s"), items=control.missing)
    text = gettext_noop("Control of week %(week)s: %(items)s")
    return say(text, week=control.day // WEEK_DAYS, items=control.missing)


def _after_change(case: Case, first: date, control: MonitoringControl) -> Iterator[TaskFinding]:
    """Level, creatinine and potassium 5 to 14 days after a change of dose.

    A control that falls there and still asks for all that is missing of them asks in its place.
    """
    dose = case.dose
    if dose is None or dose.start <= first or (case.on - dose.start).days > CHANGE_ASKED_DAYS:
        return
    earliest = dose.start + timedelta(days=CHANGE_FROM)
    overdue_from = dose.start + timedelta(days=CHANGE_OVERDUE_FROM)
    items = (LEVEL, "creatinine", "potassium")
    missing = tuple(CHEMISTRY.get(item, item) for item in items if not _known(case, item, earliest))
    asked_there = earliest <= control.due_on < overdue_from and set(missing) <= set(control.missing)
    if missing and not asked_there:
        text = gettext_noop("After the change of dose on %(day)s: %(items)s")
        sentence = say(text, day=dose.start, items=missing)
        due_on = dose.start + timedelta(days=CHANGE_DUE)
        yield TaskFinding("level_due", sentence, due_on, overdue_from, f"dose {dose.start.isoformat()}")


def _effect(case: Case, first: date) -> Iterator[TaskFinding]:
    """The label: without an effect after two months stop or switch. A visit from then on answers it."""
    due_on = first + timedelta(days=EFFECT_DUE)
    asked = due_on - timedelta(days=WEEK_DAYS) <= case.on
    if asked and not any(visit.on >= due_on for visit in case.record.visits):
        text = gettext_noop(
            "Two months of tacrolimus: is there an effect? Without one stop or switch (label)"
        )
        yield TaskFinding("effect", say(text), due_on, first + timedelta(days=EFFECT_OVERDUE_FROM))
