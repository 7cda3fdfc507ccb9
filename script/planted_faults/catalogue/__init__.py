"""The planted faults: data. Anchors were chosen so that they hold before and after files and names move."""

from script.planted_faults.catalogue import exports, forecasting, rules, services, statistics, views
from script.planted_faults.fault import Fault

FAULTS: tuple[Fault, ...] = (
    *rules.FAULTS,
    *services.FAULTS,
    *views.FAULTS,
    *exports.FAULTS,
    *forecasting.FAULTS,
    *statistics.FAULTS,
)
