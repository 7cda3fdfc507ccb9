"""Every number of the signals on tacrolimus, with unit and source (clinical specification 4.5 and 5.4)."""

from dataclasses import dataclass
from decimal import Decimal

from dosing.rules.thresholds import STUDY


@dataclass(frozen=True)
class SignalThresholds:
    """[D] unless another source is named."""

    baseline_values: int = 3
    baseline_days: int = 365
    creatinine_repeat_percent: Decimal = Decimal(15)
    creatinine_act_percent: Decimal = Decimal(30)  # JP-eGFR falls by 25.0 % then
    confirmed_within_days: int = 14
    injury_percent: Decimal = Decimal(50)  # KDIGO, within 7 days [M]
    injury_days: int = 7
    injury_mg_dl: Decimal = Decimal("0.3")  # KDIGO, within 48 hours [M]
    injury_hours: int = 48
    egfr_ml_min_173: float = float(STUDY.egfr_ml_min_173)  # KDIGO 2024, by CKD-EPI 2021
    renal_level_ng_ml: Decimal = Decimal("5.2")  # Xenobiotica 2015;45:1147
    potassium_visit_mmol_l: Decimal = Decimal("5.0")
    potassium_act_mmol_l: Decimal = Decimal("5.5")
    potassium_urgent_mmol_l: Decimal = Decimal("6.0")
    ck_for_symptoms_days: int = 3
    ck_visit_times_upper: Decimal = Decimal("2.5")
    ck_act_times_upper: Decimal = Decimal(5)
    ck_hold_times_upper: Decimal = Decimal(10)
    glucose_fasting_mg_dl: Decimal = Decimal(110)
    glucose_diabetes_mg_dl: Decimal = Decimal(126)  # [M]
    glucose_random_mg_dl: Decimal = Decimal(200)  # [M]
    hba1c_visit_percent: Decimal = Decimal("6.0")
    hba1c_rise_percent: Decimal = Decimal("0.5")
    hba1c_diabetes_percent: Decimal = Decimal("6.5")  # [M]
    systolic_visit_mm_hg: int = 140
    diastolic_visit_mm_hg: int = 90
    systolic_act_mm_hg: int = 160
    diastolic_act_mm_hg: int = 100
    systolic_urgent_mm_hg: int = 180
    diastolic_urgent_mm_hg: int = 110
    qtc_visit_male_ms: Decimal = Decimal(450)
    qtc_visit_female_ms: Decimal = Decimal(460)
    qtc_act_ms: Decimal = Decimal(500)
    qtc_rise_ms: Decimal = Decimal(60)
    unmonitored_days: int = 84

    @property
    def unmonitored_weeks(self) -> int:
        return self.unmonitored_days // 7


SIGNALS = SignalThresholds()
