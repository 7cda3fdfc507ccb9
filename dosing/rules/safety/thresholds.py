"""Every number of the safety gate, with unit and source (clinical specification 4.2 and 4.5)."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class SafetyThresholds:
    """[D] unless another source is named."""

    potassium_hold_mmol_l: Decimal = Decimal("5.5")
    potassium_caution_mmol_l: Decimal = Decimal("5.0")
    ck_hold_times_upper_limit: Decimal = Decimal(5)
    systolic_hold_mm_hg: int = 160
    diastolic_hold_mm_hg: int = 100
    systolic_caution_mm_hg: int = 140
    diastolic_caution_mm_hg: int = 90
    qtc_hold_ms: Decimal = Decimal(500)
    qtc_caution_ms: Decimal = Decimal(450)
    egfr_caution_ml_min_173: Decimal = Decimal(60)
    hba1c_caution_percent: Decimal = Decimal("6.5")
    lymphocytes_caution_10e3_per_ul: Decimal = Decimal("0.5")
    prednisolone_caution_mg: Decimal = Decimal(20)
    prednisolone_caution_days: int = 28
    elderly_years: int = 65
    malignancy_years: int = 5  # [M]
    live_vaccine_days: int = 28  # [M]
    laboratory_max_age_days: int = 30
    pregnancy_test_max_age_days: int = 7
    hba1c_max_age_days: int = 92
    screening_max_age_days: int = 366
    ecg_max_age_days: int = 183
    drug_list_max_age_days: int = 7
    unidentified_washout_days: int = 14
    childbearing_from_years: int = 15
    childbearing_to_years: int = 49


SAFETY = SafetyThresholds()
