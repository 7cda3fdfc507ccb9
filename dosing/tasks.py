"""Background work: the nightly sweep, that of one clinic, the watch over dead ones, and forecasts."""

from celery import shared_task

from accounts.models import Clinic
from dosing import sweeping
from dosing.forecasts.clinic import batches, forecast_batch


@shared_task(name="dosing.tasks.sweep")
def sweep() -> int:
    """Judge every patient; returns how many."""
    return sweeping.sweep().patients_done


@shared_task(name="dosing.tasks.reassess_clinic")
def reassess_clinic(key: int) -> int:
    """Judge the patients of one clinic, as its row of sweeps asks; returns how many."""
    row = sweeping.sweep_clinic(key)
    return 0 if row is None else row.patients_done


@shared_task(name="dosing.tasks.revive_sweep")
def revive_sweep() -> int:
    """Go on with sweeps whose worker died; returns how many there were."""
    return sweeping.revive()


@shared_task(name="dosing.tasks.forecast_everybody")
def forecast_everybody() -> int:
    """Hand out the patients on tacrolimus of every clinic in batches; returns how many batches."""
    return sum(forecast_clinic(clinic) for clinic in Clinic.objects.values_list("pk", flat=True))


@shared_task(name="dosing.tasks.forecast_clinic")
def forecast_clinic(key: int) -> int:
    """Hand out the patients on tacrolimus of one clinic in batches; returns how many batches."""
    handed_out = [forecast_patients.delay(key, keys) for keys in batches(Clinic.objects.get(pk=key))]
    return len(handed_out)


@shared_task(name="dosing.tasks.forecast_patients")
def forecast_patients(key: int, keys: list[int]) -> int:
    """Forecast these patients of a clinic and keep what is new; returns how many forecasts were kept."""
    return forecast_batch(Clinic.objects.get(pk=key), keys).kept
