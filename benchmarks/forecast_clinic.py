"""Everybody on tacrolimus forecast and kept by one Celery worker with two processes.

`python -m benchmarks.forecast_clinic --database postgres://… --clinic ID [--patients 10000]`, on a database
of invented patients: what was kept of them is thrown away first. Wall clock, from the first batch handed out
to the last forecast kept; then the same again, when nothing is new.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from itertools import islice

from benchmarks.speed import machine_speed

PROCESSES = 2
GIVE_UP_SECONDS = 3600.0


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
            "BENCHMARK_DATABASE_URL": options.database,
            "OPENBLAS_NUM_THREADS": "1",
            "TACSLE_VAR": folder,
        }
        import django

        django.setup()
        print(machine_speed())
        worker = _worker()
        try:
            for name in ("everything new", "nothing new"):
                print(f"{name}: {_round(options.clinic, options.patients, first=name == 'everything new')}")
        finally:
            worker.terminate()
            worker.wait()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.forecast_clinic", description=__doc__)
    parser.add_argument("--database", required=True)
    parser.add_argument("--clinic", type=int, required=True)
    parser.add_argument("--patients", type=int, default=10_000)
    return parser.parse_args()


def _worker() -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own program with our own arguments
        [
            *(sys.executable, "-m", "celery", "-A", "tacsle_site", "worker", "--pool", "prefork"),
            *("--concurrency", str(PROCESSES), "--loglevel", "ERROR", "--prefetch-multiplier", "1"),
        ],
        stdout=subprocess.DEVNULL,
    )


def _round(clinic: int, patients: int, *, first: bool) -> str:
    from accounts.models import Clinic
    from dosing.forecast.clinic import BATCH, batches
    from dosing.forecast.tasks import forecast_patients
    from dosing.models import StoredForecast

    rows = StoredForecast.objects.filter(patient__clinic=clinic, made_by__isnull=True)
    if first:
        rows.delete()
    keys = list(islice(batches(Clinic.objects.get(pk=clinic)), patients // BATCH))
    began = time.monotonic()
    jobs = [forecast_patients.apply_async((clinic, batch), ignore_result=False) for batch in keys]
    kept = sum(job.get(timeout=GIVE_UP_SECONDS) for job in jobs)
    seconds = time.monotonic() - began
    asked = sum(map(len, keys))
    return f"{asked} patients in {seconds:.0f} s, {asked / seconds:.1f} a second; {kept} kept"


if __name__ == "__main__":
    main()
