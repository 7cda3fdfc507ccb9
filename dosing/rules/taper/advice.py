"""Advice that goes with a step: adrenal and sick-day rules, glucose, and what low serology means."""

from collections.abc import Iterator

from dosing.rules.c3_samples import MOMENT, lower_limit_mg_dl, samples
from dosing.rules.case import Case
from dosing.rules.taper.thresholds import TAPER
from patients.rules.drugs import DRUGS, GLUCOSE_LOWERING, members
from patients.rules.reading import active_episodes
from patients.rules.verdict import Message, gettext_noop, say

SICK_DAY = say(
    gettext_noop(
        "Sick-day rule: in infection, surgery or stress never below the present dose; "
        "with fever she may need more"
    )
)
VOMITING = say(
    gettext_noop("Vomiting or a missed dose: prednisolone by injection or infusion, urgently; she must call")
)
NEVER_ABRUPTLY = say(
    gettext_noop(
        "Never stopped at once: from 5 mg that led to flares in 17 of 63, against 4 of 61 who went on"
    )
)
ADRENAL = say(
    gettext_noop("Fatigue, dizziness, nausea, weight loss, low sodium or glucose: adrenal insufficiency?")
)
KEEP_TACROLIMUS = say(gettext_noop("Tacrolimus is not stopped while prednisolone is tapered"))
RULES = (SICK_DAY, VOMITING, NEVER_ABRUPTLY, ADRENAL, KEEP_TACROLIMUS)


def notes(case: Case) -> Iterator[Message]:
    """Advice for this patient in addition to the conditions."""
    for row in active_episodes(case.record, members(GLUCOSE_LOWERING), case.on):
        text = gettext_noop("%(drug)s is taken: a glucose plan with each step, less steroid means less need")
        yield say(text, drug=DRUGS[row.drug].label)
    yield from _low_complement(case)


def _low_complement(case: Case) -> Iterator[Message]:
    """Serology alone did not predict flares in a taper (S51): low, stable values are only noted."""
    recent = samples(case.record, case.on, TAPER.laboratory_max_age_days)
    if not recent:
        return
    latest = max(recent, key=MOMENT)
    limit = lower_limit_mg_dl(latest, case.thresholds)
    if latest.value < limit:
        text = gettext_noop(
            "C3 %(value)s mg/dl is below its limit of %(limit)s; low and stable alone does not hold a step"
        )
        yield say(text, value=latest.value, limit=limit)
