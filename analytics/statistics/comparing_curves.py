"""The log-rank test: whether groups differ in the time until an event."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from analytics.statistics.follow_up import FollowUp, Observed, follow_up
from analytics.statistics.numbers import Number
from analytics.statistics.results import LeftOut, NotEstimable, not_estimable, probability
from patients.rules.verdict import Message, gettext_noop, say

METHOD = gettext_noop("log-rank test")
FEWEST_GROUPS = 2
NOBODY_OBSERVED = gettext_noop("Not estimable, because nobody was observed for a known time in a known group")
ONE_GROUP = gettext_noop("Not estimable, because all %(n)s are in one group: there is nobody to compare with")
NO_EVENT = gettext_noop("Not estimable, because nobody of %(n)s had the event")
NEVER_TOGETHER = gettext_noop(
    "Not estimable, because no event happened while two groups were under observation"
)


@dataclass(frozen=True)
class GroupEvents:
    """Events of one group, and how many there would be if all groups were alike."""

    group: str
    n: int
    observed: int
    expected: float


@dataclass(frozen=True)
class LogRank:
    """groups are in the order of their names. p_value: by chi-squared."""

    n: int
    groups: tuple[GroupEvents, ...]
    chi_squared: float
    degrees_of_freedom: int
    p_value: float
    method: Message
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True)
class _Tally:
    observed: list[int]
    expected: list[float]
    covariance: list[list[float]]


def log_rank(
    durations: Sequence[Number], events: Sequence[bool | int | None], groups: Sequence[str | None]
) -> LogRank | NotEstimable:
    """Compare the groups. Raises ValueError where the three are not of one length."""
    read = follow_up(durations, events, groups)
    names = sorted({person.group for person in read.people})
    n = len(read.people)
    if not names:
        return not_estimable(NOBODY_OBSERVED, 0, read.left_out)
    if len(names) < FEWEST_GROUPS:
        return not_estimable(ONE_GROUP, n, read.left_out)
    if not any(person.event for person in read.people):
        return not_estimable(NO_EVENT, n, read.left_out)
    return _tested(read, names, _tally(read.people, names))


def _tested(read: FollowUp, names: Sequence[str], tally: _Tally) -> LogRank | NotEstimable:
    from scipy.special import chdtrc

    statistic, freedom = _chi_squared(tally)
    if freedom == 0:
        return not_estimable(NEVER_TOGETHER, len(read.people), read.left_out)
    sizes = Counter(person.group for person in read.people)
    rows = zip(names, tally.observed, tally.expected, strict=True)
    return LogRank(
        n=len(read.people),
        groups=tuple(GroupEvents(name, sizes[name], seen, meant) for name, seen, meant in rows),
        chi_squared=statistic,
        degrees_of_freedom=freedom,
        p_value=probability(float(chdtrc(freedom, statistic))),
        method=say(METHOD),
        left_out=read.left_out,
    )


def _tally(people: Sequence[Observed], names: Sequence[str]) -> _Tally:
    place = {name: number for number, name in enumerate(names)}
    events = Counter((person.code, place[person.group]) for person in people if person.event)
    ends = Counter((person.code, place[person.group]) for person in people)
    every = range(len(names))
    at_risk = [sum(person.group == name for person in people) for name in names]
    tally = _Tally([0 for _ in every], [0.0 for _ in every], [[0.0 for _ in every] for _ in every])
    for code in sorted({person.code for person in people}):
        _add(tally, at_risk, [events[code, group] for group in every])
        at_risk = [at_risk[group] - ends[code, group] for group in every]
    return tally


def _add(tally: _Tally, at_risk: Sequence[int], events: Sequence[int]) -> None:
    """One time's events, against those expected of a hypergeometric draw from everybody at risk."""
    total, happened = sum(at_risk), sum(events)
    if not happened:
        return
    spread = happened * (total - happened) / (total - 1) if total > 1 else 0.0
    for group, here in enumerate(at_risk):
        tally.observed[group] += events[group]
        tally.expected[group] += happened * here / total
        for other, there in enumerate(at_risk):
            same = total if group == other else 0
            tally.covariance[group][other] += spread * here * (same - there) / (total * total)


def _chi_squared(tally: _Tally) -> tuple[float, int]:
    """The quadratic form of observed − expected, and its rank: groups that were never compared add none."""
    import numpy as np

    distance = np.array(tally.observed) - np.array(tally.expected)
    covariance = np.array(tally.covariance)
    rank = int(np.linalg.matrix_rank(covariance, hermitian=True))
    return max(0.0, float(distance @ np.linalg.pinv(covariance, hermitian=True) @ distance)), rank
