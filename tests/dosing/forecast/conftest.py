"""A forecast is a function of its inputs alone: for equal inputs it is computed once in these tests.

Most of them ask for the forecast of one patient, several times each, and a fit takes half a second. That
equal inputs give equal numbers is a test of the pharmacokinetics.
"""

import pickle
from collections.abc import Iterator
from typing import Any

import pytest

from dosing.pharmacokinetics.inputs import forecast_inputs


@pytest.fixture(scope="package", autouse=True)
def _forecasts_computed_once() -> Iterator[None]:
    compute = forecast_inputs.forecast
    computed: dict[bytes, Any] = {}

    def remembered(*inputs: Any) -> Any:
        key = pickle.dumps(inputs)
        if key not in computed:
            computed[key] = compute(*inputs)
        return computed[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(forecast_inputs, "forecast", remembered)
        yield
