"""What is watched while tacrolimus is taken, in addition to its level. Clinical specification 4.5."""

from collections.abc import Iterator

from dosing.rules.case import Case
from dosing.rules.findings import AlertFinding
from dosing.rules.signals import drugs, kidney, measured, muscle, seen

__all__ = ["raised"]

WATCHED = (
    muscle.raised,
    kidney.raised,
    measured.potassium,
    measured.glucose,
    measured.hba1c,
    measured.blood_pressure,
    measured.qtc,
    seen.neurological,
    seen.gut,
    seen.infection,
    seen.pregnancy,
    seen.live_vaccine,
    drugs.restarted,
    drugs.mizoribine,
    drugs.unmonitored,
)


def raised(case: Case) -> Iterator[AlertFinding]:
    """Every signal of a patient who takes tacrolimus on the day; none for anybody else."""
    if case.is_on_tacrolimus:
        for watch in WATCHED:
            yield from watch(case)
