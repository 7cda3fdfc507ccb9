"""Background work: everybody on tacrolimus is forecast, clinic by clinic, in batches."""

from celery import shared_task

from accounts.models import Clinic
from dosing.forecast.clinic import batches, forecast_batch


@shared_task
def forecast_everybody() -> int:
    """Hand out the patients on tacrolimus of every clinic in batches; returns how many batches."""
    return sum(forecast_clinic(clinic) for clinic in Clinic.objects.values_list("pk", flat=True))


@shared_task
def forecast_clinic(key: int) -> int:
    """Hand out the patients on tacrolimus of one clinic in batches; returns how many batches."""
    handed_out = [forecast_patients.delay(key, keys) for keys in batches(Clinic.objects.get(pk=key))]
    return len(handed_out)


@shared_task
def forecast_patients(key: int, keys: list[int]) -> int:
    """Forecast these patients of a clinic and keep what is new; returns how many forecasts were kept."""
    return forecast_batch(Clinic.objects.get(pk=key), keys).kept
