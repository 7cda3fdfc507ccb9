"""Units as laboratories and people spell them, found among those that fit an analyte; and as we print them.

One key for the spellings of one unit: width, case, the two letters for micro, "x10^3" for "×10³", "万" for
ten thousand. "G/L" can be grams or, as in France, thousand millions (giga) in a litre: the analyte tells.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from patients.rules.analytes import ANALYTES

# How the clinic prints a unit's code. In English; a code that is not here is printed as it is.
PRINTED: Mapping[str, str] = MappingProxyType(
    {
        "mg/dL": "mg/dl",
        "g/dL": "g/dl",
        "g/L": "g/l",
        "L/L": "l/l",
        "g/g{creat}": "g/gCr",
        "mg/g{creat}": "mg/gCr",
        "mg/g": "mg/gCr",
        "[IU]/mL": "IU/ml",
        "k[IU]/mL": "kIU/ml",
        "k[IU]/L": "kIU/l",
        "log10[IU]/mL": "log IU/ml",
        "U/mL": "U/ml",
        "kU/L": "kU/l",
        "U/L": "U/l",
        "ukat/L": "µkat/l",
        "nkat/L": "nkat/l",
        "mmol/L": "mmol/l",
        "umol/L": "µmol/l",
        "meq/L": "mEq/l",
        "mg/L": "mg/l",
        "ng/mL": "ng/ml",
        "ng/L": "ng/l",
        "pg/mL": "pg/ml",
        "ug/L": "µg/l",
        "ug/mL": "µg/ml",
        "nmol/L": "nmol/l",
        "/[HPF]": "/field",
        "10*3/uL": "×10³/µl",
        "10*4/uL": "×10⁴/µl",
        "10*2/uL": "×10²/µl",
        "10*9/L": "×10⁹/l",
        "/uL": "/µl",
        "[ppth]": "‰",
        "mm[Hg]": "mmHg",
        "mg/d": "mg/day",
        "g/d": "g/day",
        "d": "days",
        "mL/min/{1.73_m2}": "ml/min/1.73 m²",
    }
)
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_SUPERSCRIPT = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_LEFT_OUT = re.compile(r"[\s\[\]{}().・·_]+")
_POWER = re.compile(r"^[x×✕✖╳*]?10(?:\^|\*+|e)?([1-9][0-2]?)(?=[/個])")
_WORDS = (("万", "10^4"), ("千", "10^3"), ("thousand", "10^3"), ("thou", "10^3"), ("tsd", "10^3"))
_VOLUMES = re.compile(r"(?:mm\^?3|cmm|cumm|mcl)$")
_COUNTED = re.compile(r"(?:cells|個|コ)(?=/)")
# What a unit is called beside its code, by key; where several codes have one name the analyte tells which.
_ALIASES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "k/ul": ("10*3/uL",),
        "g/l": ("g/L", "10*9/L"),
        "giga/l": ("10*9/L",),
        "gpt/l": ("10*9/L",),
        "10^3/ul": ("10*3/uL",),
        "10^6/l": ("/uL",),
        "10^10/l": ("10*4/uL",),
        "/nl": ("10*3/uL",),
        "iu/l": ("U/L",),
        "iu/ml": ("[IU]/mL", "U/mL"),
        "kiu/l": ("k[IU]/L", "kU/L"),
        "ch50/ml": ("U/mL",),
        "gplu/ml": ("U/mL",),
        "mplu/ml": ("U/mL",),
        "gpl": ("U/mL",),
        "mpl": ("U/mL",),
        "ch50u/ml": ("U/mL",),
        "u/ml": ("U/mL", "[IU]/mL"),
        "mcmol/l": ("umol/L",),
        "um": ("umol/L",),
        "mcg/l": ("ug/L",),
        "mcg/ml": ("ug/mL",),
        "g/gcr": ("g/g{creat}", "g/g"),
        "g/gcre": ("g/g{creat}", "g/g"),
        "g/g": ("g/g{creat}", "g/g"),
        "mg/mg": ("g/g{creat}", "g/g"),
        "mg/gcr": ("mg/g", "mg/g{creat}"),
        "mg/gcre": ("mg/g", "mg/g{creat}"),
        "mg/gcreat": ("mg/g", "mg/g{creat}"),
        "mg/g": ("mg/g", "mg/g{creat}"),
        "ug/mg": ("mg/g", "mg/g{creat}"),
        "mg/mmolcr": ("mg/mmol",),
        "mg/mmolcreat": ("mg/mmol",),
        "/field": ("/[HPF]",),
        "/f": ("/[HPF]",),
        "/視野": ("/[HPF]",),
        "/hpf": ("/[HPF]",),
        "msec": ("ms",),
        "sec": ("s",),
        "1": ("L/L",),
        "‰": ("[ppth]",),
        "g/24h": ("g/d",),
        "g/day": ("g/d",),
        "g/日": ("g/d",),
        "mg/24h": ("mg/d",),
        "mg/day": ("mg/d",),
        "mg/日": ("mg/d",),
        "logiu/ml": ("log10[IU]/mL",),
        "log10iu/ml": ("log10[IU]/mL",),
    }
)


def unit_named(analyte_key: str, typed: str) -> str | None:
    """The code of a unit that fits the analyte, however it is spelled; None where none of them is meant."""
    fitting = ANALYTES[analyte_key].units
    key = folded(typed)
    named = (*(code for code in fitting if folded(code) == key), *_ALIASES.get(key, ()))
    return next((code for code in named if code in fitting), None)


@lru_cache(maxsize=1024)
def folded(typed: str) -> str:
    """The key of a unit: "×10⁴/µl", "x10^4/μL", "10*4/uL" and "万/uL" have one."""
    raised = _SUPERSCRIPT.sub(lambda power: "^" + power[0].translate(_SUPERSCRIPTS), typed)
    plain = unicodedata.normalize("NFKC", raised).casefold().replace("μ", "u").replace("∕", "/")
    plain = _LEFT_OUT.sub("", plain.replace("⁄", "/"))
    for word, power in _WORDS:
        plain = plain.replace(word + "/", power + "/")
    plain = _COUNTED.sub("", _POWER.sub(r"10^\1", plain))
    return _VOLUMES.sub("ul", plain)
