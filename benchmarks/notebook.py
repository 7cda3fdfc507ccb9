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
MOST_SHAPIRO, ADULT_YEARS = 5000, 18
ANALYTES = ("c3", "dsdna", "upcr", "creatinine")
SYMPTOMS = ("headache", "arthritis", "rash", "alopecia", "mucosal_ulcers", "fever")
GOALS = {"up_to_7_5": 7.5, "up_to_5": 5.0, "stopped": 0.0}
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
    patients = read(
        "SELECT id, sex, birth, renal_involvement FROM patients_patient WHERE clinic_id = %(clinic)s"
    )
    items = ", ".join(
        [*(f"f.sledai_{code}" for code in WEIGHTS), *(f"f.{code}_severity" for code in SYMPTOMS)]
    )
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
    return _compute(pd, patients, visits, results, doses, pd.Timestamp(cut_off))


def _compute(pd: Any, patients: Any, visits: Any, results: Any, doses: Any, cut_off: Any) -> dict[str, Any]:
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
    values["egfr"] = _egfr(pd, patients, first, values["creatinine"])
    found = {name: _compared(pd, first.index, *pair) for name, pair in values.items()}
    _table_one(pd, patients, first, tacrolimus, values)
    kept = _retention(visits, results, tacrolimus, first, cut_off)
    dose = values["prednisolone"][1].reindex(first.index)
    return {
        "started": len(first),
        "retention": kept,
        "measures": found,
        "symptoms": {code: _symptom(pd, f"{code}_severity", week_0, week_52) for code in SYMPTOMS},
        "missing": {
            name: [int(side.reindex(first.index).isna().sum()) for side in pair]
            for name, pair in values.items()
        },
        "goals": {goal: int((dose <= most).sum()) for goal, most in GOALS.items()},
    }


def _egfr(pd: Any, patients: Any, first: Any, creatinine: tuple[Any, Any]) -> tuple[Any, Any]:
    """By the Japanese equation; ages in whole years."""
    people = patients.set_index("id").reindex(first.index)
    birth = pd.to_datetime(people.birth, format="ISO8601")

    def egfr(values: Any, dates: Any) -> Any:
        day, born = dates.reindex(first.index), birth
        had_birthday = (day.dt.month * 100 + day.dt.day) >= (born.dt.month * 100 + born.dt.day)
        age = day.dt.year - born.dt.year - (~had_birthday).astype(int)
        factor = people.sex.map({"F": 0.739, "M": 1.0})
        found = 194 * values.reindex(first.index) ** -1.094 * age**-0.287 * factor
        return found.where(age >= ADULT_YEARS)

    return tuple(egfr(values, values.attrs["on"]) for values in creatinine)


def _symptom(pd: Any, column: str, week_0: Any, week_52: Any) -> dict[str, float]:
    """Present before and after in those who were asked at both, and McNemar's exact test."""
    from scipy.stats import binomtest

    pairs = pd.DataFrame({"before": week_0[column], "after": week_52[column]}).dropna() > 0
    gone = int((pairs.before & ~pairs.after).sum())
    new = int((~pairs.before & pairs.after).sum())
    p_value = binomtest(min(gone, new), gone + new).pvalue if gone + new else 1.0
    return {"before": int(pairs.before.sum()), "after": int(pairs.after.sum()), "p": float(p_value)}


def _sledai(visits: Any) -> Any:
    answers = visits[[f"sledai_{code}" for code in WEIGHTS]]
    weights = list(WEIGHTS.values())
    known = answers.notna().all(axis=1)
    return answers.eq(True).astype(float).mul(weights).sum(axis=1).where(known)


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
    late = late.set_index("patient_id")
    before, after = early.value.copy(), late.value.copy()
    before.attrs["on"], after.attrs["on"] = early.on, late.on
    return before, after


def _compared(pd: Any, index: Any, before: Any, after: Any) -> dict[str, float]:
    from scipy.stats import shapiro, ttest_rel, wilcoxon

    pairs = pd.DataFrame({"before": before, "after": after}).reindex(index).dropna().astype(float)
    change = (pairs.after - pairs.before).round(6)
    return {
        "n": len(pairs),
        "mean_0": pairs.before.mean(),
        "sd_0": pairs.before.std(),
        "mean_52": pairs.after.mean(),
        "sd_52": pairs.after.std(),
        "p_t": float(ttest_rel(pairs.after, pairs.before).pvalue),
        "p_w": float(wilcoxon(change, method="approx", correction=True).pvalue),
        "p_normal": float(shapiro(change).pvalue) if len(change) <= MOST_SHAPIRO else float("nan"),
    }


def _table_one(
    pd: Any, patients: Any, first: Any, tacrolimus: Any, values: dict[str, tuple[Any, Any]]
) -> None:
    from tableone import TableOne

    table = patients.set_index("id").join(first, how="inner")
    table["age"] = (table["first"] - pd.to_datetime(table.birth, format="ISO8601")).dt.days // 365.25
    table["tacrolimus"] = tacrolimus.sort_values("start").groupby("patient_id").mg.first()
    for name, (before, _after) in values.items():
        table[name] = before
    columns = ["age", "sex", "renal_involvement", "tacrolimus", *values]
    TableOne(
        table.astype({"renal_involvement": "object"}),
        columns=columns,
        categorical=["sex", "renal_involvement"],
        nonnormal=[name for name in columns if name not in ("sex", "renal_involvement")],
    )


def _retention(visits: Any, results: Any, tacrolimus: Any, first: Any, cut_off: Any) -> float:
    from lifelines import KaplanMeierFitter

    last_dose = tacrolimus.sort_values("start").groupby("patient_id").last_day.last()
    seen = visits.groupby("patient_id").on.max().combine(results.groupby("patient_id").on.max(), max)
    stopped = (last_dose < cut_off).reindex(first.index, fill_value=False)
    end = last_dose.where(stopped, seen.reindex(first.index)).fillna(first)
    days = (end - first).dt.days.clip(lower=0, upper=WEEK_52)
    fitted = KaplanMeierFitter().fit(days, stopped & ((last_dose - first).dt.days < WEEK_52))
    return float(fitted.predict(WEEK_52))
