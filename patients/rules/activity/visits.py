"""The assessed visit and the visit it is compared with; scores of both; small verdicts."""

from collections.abc import Iterable
from datetime import date, timedelta

from patients.rules.activity.thresholds import ActivityThresholds
from patients.rules.answers import Answer, answer_from
from patients.rules.evidence import visit_evidence
from patients.rules.reading import latest_visit
from patients.rules.record import Record, Visit
from patients.rules.sledai import Score, score
from patients.rules.verdict import Evidence, Message, Missing, Source, Verdict, gettext_noop, say

SLEDAI = say(gettext_noop("SLEDAI-2K"))
GLOBAL = say(gettext_noop("Physician's global"))


def comparator_of(record: Record, visit: Visit, thresholds: ActivityThresholds) -> Visit | None:
    """The latest visit 14 to 180 days before this one: a visit of the same week hides nothing [D]."""
    newest = visit.on - timedelta(days=thresholds.comparator_min_days)
    oldest = visit.on - timedelta(days=thresholds.comparator_max_days)
    earlier = (other for other in reversed(record.visits_in_order) if oldest <= other.on <= newest)
    return next(earlier, None)


def sledai_change(before: Visit, now: Visit) -> tuple[int, int]:
    """The smallest and the largest rise of the total that the answers allow; below 0 is a fall."""
    first, second = score(before.sledai), score(now.sledai)
    return second.low - first.high, second.high - first.low


def clinical_change(before: Visit, now: Visit) -> tuple[int, int]:
    """The same without complement and DNA binding (cSLEDAI)."""
    first, second = score(before.sledai), score(now.sledai)
    return second.clinical_low - first.clinical_high, second.clinical_high - first.clinical_low


def format_range(low: int, high: int) -> str:
    """A score as people read it: "6", or "6–8" while something is unanswered."""
    return str(low) if low == high else f"{low}–{high}"


def sledai_evidence(*visits: Visit | None) -> tuple[Evidence, ...]:
    return tuple([visit_evidence(row, SLEDAI, _format_score(score(row.sledai))) for row in visits if row])


def global_evidence(*visits: Visit | None) -> tuple[Evidence, ...]:
    return tuple([visit_evidence(row, GLOBAL, row.physician_global, "of 3") for row in visits if row])


def verdict_from(
    known: bool | None,
    sentences: tuple[Message, Message],
    source: Source,
    evidence: Iterable[Evidence] = (),
    missing: Missing | None = None,
) -> Verdict:
    """A verdict from yes, no or None: the sentence of a yes, that of a no, and what is missing for None."""
    answer = answer_from(known)
    if answer is Answer.CANNOT_TELL and missing is not None:
        return Verdict(answer, missing.sentence, source, tuple(evidence), missing=(missing,))
    return Verdict(answer, sentences[0 if known else 1], source, tuple(evidence))


def unknown(missing: Missing, source: Source) -> Verdict:
    """CANNOT TELL, because this is missing."""
    return Verdict(Answer.CANNOT_TELL, missing.sentence, source, missing=(missing,))


def first_sentence(parts: Iterable[Verdict], answers: Iterable[Answer], otherwise: Message) -> Message:
    """The sentence of the first part with the first of these answers that any part gives."""
    given = tuple(parts)
    for answer in answers:
        for part in given:
            if part.answer is answer:
                return part.sentence
    return otherwise


def no_visit(record: Record, on: date, limit_days: int) -> Missing:
    """What is missing where no visit is recent enough."""
    last = latest_visit(record, on)
    if last is None:
        return Missing("visit", say(gettext_noop("There is no signed visit")), "visit")
    sentence = say(
        gettext_noop("The last signed visit is %(age)s days old (limit %(limit)s)"),
        age=(on - last.on).days,
        limit=limit_days,
    )
    return Missing("visit", sentence, "visit")


def no_comparator(thresholds: ActivityThresholds) -> Missing:
    """What is missing where no earlier visit can be compared with; nothing can be entered for it."""
    sentence = say(
        gettext_noop("No earlier visit to compare with, %(least)s to %(most)s days before"),
        least=thresholds.comparator_min_days,
        most=thresholds.comparator_max_days,
    )
    return Missing("earlier_visit", sentence, "wait")


def unanswered_sledai(visit: Visit) -> Missing:
    sentence = say(gettext_noop("SLEDAI of %(day)s has unanswered items"), day=visit.on)
    return Missing("sledai", sentence, "visit")


def unrated_global(visit: Visit) -> Missing:
    sentence = say(gettext_noop("The physician's global of %(day)s is not recorded"), day=visit.on)
    return Missing("physician_global", sentence, "visit")


def _format_score(found: Score) -> str:
    return format_range(found.low, found.high)
