"""What changed among the other drugs since tacrolimus was started, and a treatment without monitoring."""

from collections.abc import Iterator
from datetime import date, timedelta

from dosing.rules.case import Case
from dosing.rules.findings import AlertFinding, Severity
from dosing.rules.signals.matter import matter
from dosing.rules.signals.thresholds import SIGNALS
from patients.rules.drugs import DRUGS
from patients.rules.evidence import administration_evidence, episode_evidence
from patients.rules.reading import active_episodes, episodes_of, laboratory_values
from patients.rules.verdict import Evidence, Source, gettext_noop, say

STUDY = Source("Study: stopped at entry; mizoribine constant throughout")
WASHED_OUT = frozenset(
    {"cyclophosphamide", "rituximab", "methotrexate", "mycophenolate_mofetil", "azathioprine"}
)
NEVER_TOGETHER = "ciclosporin"
MIZORIBINE = "mizoribine"


def restarted(case: Case) -> Iterator[AlertFinding]:
    """A drug that was washed out, or ciclosporin, taken together with tacrolimus."""
    first = case.first_dose_on
    if first is None:
        return
    for row in active_episodes(case.record, [NEVER_TOGETHER], case.on)[:1]:
        sentence = say(gettext_noop("%(drug)s together with tacrolimus: never"), drug=DRUGS[row.drug].label)
        yield matter(
            "drug_restarted",
            Severity.ACT_NOW,
            sentence,
            [episode_evidence(row)],
            subject=row.drug,
            source=STUDY,
        )
    found: dict[str, tuple[date, Evidence]] = {
        row.drug: (row.start, episode_evidence(row))
        for row in active_episodes(case.record, WASHED_OUT, case.on)
        if row.start > first
    }
    given = [row for row in case.record.administrations if row.drug in WASHED_OUT and row.on > first]
    found |= {row.drug: (row.on, administration_evidence(row)) for row in given}
    for drug, (day, shown) in sorted(found.items()):
        text = gettext_noop("%(drug)s added on %(day)s, after the start of tacrolimus: no responder then")
        sentence = say(text, drug=DRUGS[drug].label, day=day)
        yield matter("drug_restarted", Severity.THIS_VISIT, sentence, [shown], subject=drug, source=STUDY)


def mizoribine(case: Case) -> Iterator[AlertFinding]:
    """Its dose was constant throughout the study."""
    first = case.first_dose_on
    rows = episodes_of(case.record, [MIZORIBINE], case.on)
    if first is None or not rows:
        return
    before = next((row for row in rows if row.covers(first)), None)
    old = None if before is None else before.mg_per_day
    now = next((row.mg_per_day for row in reversed(rows) if row.covers(case.on)), None)
    if (now or 0) != (old or 0):
        sentence = say(gettext_noop("Mizoribine was changed after the start of tacrolimus"))
        yield matter("mizoribine", Severity.KNOW, sentence, [episode_evidence(rows[-1])], source=STUDY)


def unmonitored(case: Case) -> Iterator[AlertFinding]:
    """On tacrolimus and neither seen nor measured for twelve weeks."""
    oldest = case.on - timedelta(days=SIGNALS.unmonitored_days)
    first = case.first_dose_on
    if first is None or first > oldest:
        return
    seen = any(visit.on > oldest for visit in case.record.visits)
    measured = any(row.on > oldest for row in laboratory_values(case.record, "creatinine", case.on))
    if seen or measured or any(level.on > oldest for level in case.treatment.levels):
        return
    dose = [] if case.dose is None else [episode_evidence(case.dose)]
    sentence = say(
        gettext_noop(
            "No visit, level or creatinine for %(weeks)s weeks on tacrolimus: do not renew unmonitored"
        ),
        weeks=SIGNALS.unmonitored_weeks,
    )
    yield matter("unmonitored", Severity.ACT_NOW, sentence, dose)
