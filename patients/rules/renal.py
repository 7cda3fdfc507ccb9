"""Kidney function: two equations that differ widely, never compared with each other, and UPCR."""

from typing import Final

JAPAN: Final = "Japanese Society of Nephrology 2009 (Matsuo)"
CKD_EPI_2021: Final = "CKD-EPI 2021"
ADULT_YEARS: Final = 18


def egfr_japan(creatinine_mg_dl: float, age_years: int, sex: str) -> float:
    """eGFR in ml/min/1.73 m² by the Japanese equation; enzymatic creatinine, adults.

    194 · Cr^-1.094 · age^-0.287, times 0.739 for women (Matsuo 2009, PMID 19339088). sex is "F" or
    "M". Raises ValueError for a creatinine that is not positive, an age below 18 or another sex.
    """
    _check(creatinine_mg_dl, age_years, sex)
    value = 194 * float(creatinine_mg_dl) ** -1.094 * age_years**-0.287
    return float(value * 0.739 if sex == "F" else value)


def egfr_ckd_epi_2021(creatinine_mg_dl: float, age_years: int, sex: str) -> float:
    """eGFR in ml/min/1.73 m² by CKD-EPI 2021 (kidney.org); no race factor.

    142 · min(Cr/κ, 1)^α · max(Cr/κ, 1)^-1.200 · 0.9938^age, times 1.012 for women; κ 0.7 and α
    -0.241 for women, 0.9 and -0.302 for men. Raises ValueError as egfr_japan does.
    """
    _check(creatinine_mg_dl, age_years, sex)
    kappa, alpha, factor = (0.7, -0.241, 1.012) if sex == "F" else (0.9, -0.302, 1.0)
    ratio = float(creatinine_mg_dl) / kappa
    value = 142 * min(ratio, 1.0) ** alpha * max(ratio, 1.0) ** -1.200 * 0.9938**age_years * factor
    return float(value)


def _check(creatinine_mg_dl: float, age_years: int, sex: str) -> None:
    if not float(creatinine_mg_dl) > 0:
        raise ValueError("creatinine must be positive")
    if age_years < ADULT_YEARS:
        raise ValueError("the equations are for adults")
    if sex not in ("F", "M"):
        raise ValueError('sex must be "F" or "M"')
