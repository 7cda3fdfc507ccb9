"""What a data manager would write in a notebook: pandas, tableone and lifelines, vectorised.

It reads the same PostgreSQL database as the product and knows nothing of it but its tables. It is here to be
measured against, see benchmarks/report.py.
"""

from __future__ import annotations

from datetime import date
from typing import Any

ZONE = "Asia/Tokyo"
WEIGHTS = {
    "seizure": 8, "psychosis": 8, "organic_brain_syndrome": 8, "visual": 8, "cranial_nerve": 8,
    "lupus_headache": 8, "cerebrovascular_accident": 8, "vasculitis": 8, "arthritis": 4, "myositis": 4,
    "casts": 4, "haematuria": 4, "proteinuria": 4, "pyuria": 4, "rash": 2, "alopecia": 2,
    "mucosal_ulcers": 2, "pleurisy": 2, "pericarditis": 2, "low_complement": 2, "dna_binding": 2,
    "fever": 1, "thrombocytopenia": 1, "leukopenia": 1,
}  # fmt: skip
WEEK_52, EARLIEST, LATEST = 364, 336, 392
BEFORE_DAYS, AROUND_DAYS, VISIT_DAYS = 56, 28, 30
ANALYTES = ("c3", "dsdna", "upcr", "creatinine")
EVERY_DAYS = {"daily": 1.0, "alternate_days": 2.0, "weekly": 7.0}


def numbers(connection: Any, clinic: int, cut_off: date) -> dict[str, Any]:
    """Pairs, means, deviations and p-values of each measure, and retention, of one clinic's patients."""
    import pandas as pd

    def read(sql: str) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(sql, {"clinic": clinic})
            return pd.DataFrame(cursor.fetchall(), columns=[column.name for column in cursor.description])

    standing = "p.clinic_id = %(clinic)s AND f.voided_at IS NULL"
    join = "FROM {} f JOIN patients_patient p ON p.id = f.patient_id WHERE " + standing
    patients = read("SELECT id, sex, renal_involvement FROM patients_patient WHERE clinic_id = %(clinic)s")
    items = ", ".join(f"f.sledai_{code}" for code in WEIGHTS)
    signed = join.format("patients_visit") + " AND f.signed_at IS NOT NULL"
    visits = read(f"SELECT f.patient_id, f.on, {items} {signed}")
    results = read(
        "SELECT f.id, f.patient_id, f.analyte, f.value::float8 AS value, f.collected_at, f.method "
        + join.format("patients_laboratoryresult")
        + " AND f.value IS NOT NULL AND f.analyte IN ('c3', 'dsdna', 'upcr', 'creatinine')"
    )
    doses = read(
        "SELECT f.patient_id, f.drug, f.dose_mg::float8 AS mg, f.schedule, f.start, f.last_day "
        + join.format("patients_doseepisode")
        + " AND f.drug IN ('tacrolimus', 'prednisolone')"
    )
    return _reckoned(pd, patients, visits, results, doses, pd.Timestamp(cut_off))


def _reckoned(pd: Any, patients: Any, visits: Any, results: Any, doses: Any, cut_off: Any) -> dict[str, Any]:
    for frame, column in ((visits, "on"), (doses, "start"), (doses, "last_day")):
        frame[column] = pd.to_datetime(frame[column])
    results["on"] = pd.to_datetime(results.collected_at, utc=True).dt.tz_convert(ZONE).dt.tz_localize(None)
    results["on"] = results["on"].dt.normalize()
    visits = visits[visits.on <= cut_off].copy()
    results = results[results.on <= cut_off]
    doses = doses[doses.start <= cut_off]
    tacrolimus = doses[(doses.drug == "tacrolimus") & (doses.mg != 0)]
    first = tacrolimus.groupby("patient_id").start.min().rename("first")
    visits["sledai"] = _sledai(visits)
    week_0, week_52 = _visits(visits.merge(first, on="patient_id"))
    values = {"sledai": (week_0.sledai, week_52.sledai)}
    prednisolone = doses[doses.drug == "prednisolone"].copy()
    prednisolone["mg"] = prednisolone.mg / prednisolone.schedule.map(EVERY_DAYS)
    values["prednisolone"] = (
        _dose_on(prednisolone, (first - pd.Timedelta(days=1)).rename("day")),
        _dose_on(prednisolone, week_52.on.rename("day")),
    )
    for analyte in ANALYTES:
        values[analyte] = _measured(results[results.analyte == analyte], first, week_52.on)
    found = {name: _compared(pd, first.index, *pair) for name, pair in values.items()}
    _table_one(patients, first, values)
    kept = _retention(visits, results, tacrolimus, first, cut_off)
    return {"started": len(first), "retention": kept, **found}


def _sledai(visits: Any) -> Any:
    answers = visits[[f"sledai_{code}" for code in WEIGHTS]]
    weights = list(WEIGHTS.values())
    known = answers.notna().all(axis=1)
    return answers.fillna(False).astype(float).mul(weights).sum(axis=1).where(known)


def _visits(visits: Any) -> tuple[Any, Any]:
    days = (visits.on - visits["first"]).dt.days
    recent = (days <= 0) & (days >= -VISIT_DAYS)
    before = visits[recent].sort_values("on").groupby("patient_id").tail(1).set_index("patient_id")
    around = visits[(days >= EARLIEST) & (days <= LATEST)].copy()
    around["away"] = ((around.on - around["first"]).dt.days - WEEK_52).abs()
    after = around.sort_values(["away", "on"]).groupby("patient_id").head(1).set_index("patient_id")
    return before, after


def _dose_on(doses: Any, day: Any) -> Any:
    joined = doses.merge(day, left_on="patient_id", right_index=True)
    covers = (joined.start <= joined.day) & (joined.last_day.isna() | (joined.day <= joined.last_day))
    return joined[covers].groupby("patient_id").mg.sum(min_count=1)


def _measured(results: Any, first: Any, visit: Any) -> tuple[Any, Any]:
    joined = results.merge(first, left_on="patient_id", right_index=True)
    days = (joined.on - joined["first"]).dt.days
    order = ["collected_at", "id"]
    early = joined[(days <= 0) & (days >= -BEFORE_DAYS)].sort_values(order).groupby("patient_id").tail(1)
    early = early.set_index("patient_id")
    late = results.merge(visit.rename("visit"), left_on="patient_id", right_index=True)
    late = late.merge(early.method.rename("before"), left_on="patient_id", right_index=True, how="left")
    same = late.before.isna() | (late.before == "") | (late.before == late.method)
    late["away"] = (late.on - late.visit).dt.days.abs()
    late = late[same & (late.away <= AROUND_DAYS)].sort_values(["away", *order]).groupby("patient_id").head(1)
    return early.value, late.set_index("patient_id").value


def _compared(pd: Any, index: Any, before: Any, after: Any) -> dict[str, float]:
    from scipy.stats import ttest_rel, wilcoxon

    pairs = pd.DataFrame({"before": before, "after": after}).reindex(index).dropna().astype(float)
    return {
        "n": len(pairs),
        "mean_0": pairs.before.mean(),
        "sd_0": pairs.before.std(),
        "mean_52": pairs.after.mean(),
        "sd_52": pairs.after.std(),
        "p_t": float(ttest_rel(pairs.after, pairs.before).pvalue),
        "p_w": float(wilcoxon((pairs.after - pairs.before).round(6), method="auto").pvalue),
    }


def _table_one(patients: Any, first: Any, values: dict[str, tuple[Any, Any]]) -> None:
    from tableone import TableOne

    table = patients.set_index("id").join(first, how="inner")
    for name, (before, _after) in values.items():
        table[name] = before
    columns = ["sex", "renal_involvement", *values]
    TableOne(table.astype({"renal_involvement": "object"}), columns=columns, categorical=columns[:2])


def _retention(visits: Any, results: Any, tacrolimus: Any, first: Any, cut_off: Any) -> float:
    from lifelines import KaplanMeierFitter

    last_dose = tacrolimus.sort_values("start").groupby("patient_id").last_day.last()
    seen = visits.groupby("patient_id").on.max().combine(results.groupby("patient_id").on.max(), max)
    stopped = (last_dose < cut_off).reindex(first.index, fill_value=False)
    end = last_dose.where(stopped, seen.reindex(first.index)).fillna(first)
    days = (end - first).dt.days.clip(lower=0, upper=WEEK_52)
    fitted = KaplanMeierFitter().fit(days, stopped & ((last_dose - first).dt.days < WEEK_52))
    return float(fitted.predict(WEEK_52))
