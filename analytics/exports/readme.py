"""The README of an export. In English, like the codebook."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from analytics.exports.weeks import ENTRY_DAYS, WINDOW_DAYS
from analytics.outcomes.values import BEFORE_DAYS

_ALL: Final = """TACSLE: patient-level data for analysis
=======================================

{what}

Files
-----
{files}
codebook.csv          each column of each file: meaning, type, unit, allowed values, source
catalogue.csv         the keys of analytes (with their units), drugs and adverse events
manifest.json         the sha256, bytes and rows of each file

How to read them
----------------
- CSV in UTF-8 with a byte order mark, so that a spreadsheet shows every letter. In Python:
  pandas.read_csv(name, encoding="utf-8-sig"); in R: read.csv(name, fileEncoding="UTF-8-BOM").
- Commas between cells, a point in decimals, dates as YYYY-MM-DD.
- An empty cell is missing or does not apply. "not_assessed" is an answer of its own: somebody was there and
  did not examine or ask. It is neither "no" nor missing.
- A text that begins with = + - @, a tab or a line break has an apostrophe before it, so that a spreadsheet
  does not compute it. Numbers are never changed.
- What was entered in error, and visits that are not signed, are left out.
- Days of tacrolimus count from the first dose, which is day 0.
- Laboratory values are in the unit that the row or the codebook names. Values with another series were
  measured elsewhere or otherwise: do not compare them.
{weeks}
{careful}
"""
_WIDE: Final = f"""- In wide.csv a week is told by its visit: week 0 by the last of the {ENTRY_DAYS} days
  up to and including the first dose, another week by the visit nearest to its day within {WINDOW_DAYS} days,
  of two as near the earlier. A result of week 0 is the last of the {BEFORE_DAYS} days up to the first dose,
  another the nearest to the visit of its week within {WINDOW_DAYS} days; one by another method than that of
  week 0 is left out. Prednisolone of week 0 is that of the day before the first dose, other doses are those
  of the day of the visit. Where a week has no visit its own day stands for it. Columns end in _w0, _w12,
  _w24, _w36 and _w52. Weeks 0 and 52 are as in the report of the cohort.
"""
_IDENTIFIED: Final = """Who may have them
-----------------
These files name patients. Keep them where only those may read them whom the clinic allowed, send them to
nobody, and delete them when the purpose is reached. Who made the export, when and why is kept.
"""
_DE_IDENTIFIED: Final = """What was done so that nobody is named
-------------------------------------
- Only columns of a fixed list are here. Names, numbers, laboratories and everything in free text are not.
- A patient has a random name that is drawn anew for each export and kept nowhere: two exports cannot be
  joined by it. The patients stand in random order.
- All days of one patient are shifted by the same random number of days, from -365 to +365. Intervals within a
  patient are true; calendar days, seasons and comparisons between patients by date are not.
- Of the time of day only the hours from dose to draw are kept. A date known by its year or month alone is
  left out, because it would betray the shift; the column beside it says how much was known.
- Age is in bands of five years, 85 and over in one. There are no birth dates.
- summary.csv has counts that may be shown to others: below 5 they stand as "<5", and where a hidden count
  could be computed from others and their totals, these are "withheld".

What remains
------------
Somebody who knows a patient well can recognise a rare course. The files are for the people and the purpose
for which they were made: do not publish them, do not try to find out who somebody is, and publish no count
below 5 from them. Only summary.csv is meant to be shown.
"""


def readme(identified: bool, wide: bool, files: Mapping[str, str], clinic: str) -> str:
    """The text for one export; files are the meanings by name. Only an identified one names the clinic."""
    kind = f"Identified data of {clinic}." if identified else "De-identified data of one clinic."
    return _ALL.format(
        what=kind,
        files="\n".join(f"{name + '.csv':<21} {meaning}" for name, meaning in files.items()),
        weeks=_WIDE if wide else "",
        careful=_IDENTIFIED if identified else _DE_IDENTIFIED,
    )
