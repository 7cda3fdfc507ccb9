"""The interaction table: a row a class, with its drugs, effect, action, what to measure when, and its source.

Clinical specification 4.3. Drugs are matched by their key in the catalogue and its classes, never by a code;
a combination belongs to the class of each part. [M]: general knowledge, to be confirmed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from dosing.rules.findings import Severity
from patients.rules.drugs import (
    CONTRAINDICATED_ENDOTHELIN_ANTAGONIST,
    FIBRATE,
    GLUCOSE_LOWERING,
    INDUCER,
    MODERATE_INHIBITOR,
    MTOR_INHIBITOR,
    MYOTOXIC,
    NEPHROTOXIC,
    POTASSIUM_RAISING,
    POTASSIUM_SPARING,
    QT_PROLONGING,
    STRONG_INHIBITOR,
    WEAK_INHIBITOR,
    members,
)
from patients.rules.verdict import Source, gettext_noop

TABLE_DATE = date(2026, 11, 22)
LEVEL = "level"
ONE_THIRD = frozenset({"voriconazole", "posaconazole"})
PAXLOVID = frozenset({"nirmatrelvir_ritonavir"})
FOODS = frozenset({"wuzhi", "grapefruit"})
NEVER = members(POTASSIUM_SPARING, CONTRAINDICATED_ENDOTHELIN_ANTAGONIST, MTOR_INHIBITOR) | {
    "ciclosporin",
    "voclosporin",
}

# How much of the clearance of tacrolimus is left [B]: Passey 2011, weak evidence.
CLEARANCE_FACTORS: Mapping[str, Decimal] = MappingProxyType(
    {
        "wuzhi": Decimal("0.71"),
        "diltiazem": Decimal("0.69"),
        **dict.fromkeys(("nicardipine", "nilvadipine", "nifedipine", "verapamil"), Decimal("0.94")),
    }
)


class InteractionControl(NamedTuple):
    """What is measured from `first` to `last` days after a start: a level, or keys of analytes."""

    items: tuple[str, ...]
    first_day: int
    last_day: int


@dataclass(frozen=True)
class InteractionClass:
    """A row of the table. severity: of a drug of the class newly started; None: nothing is raised.

    after_stop: the same is measured again when the drug is stopped. uncertain: sources disagree.
    """

    key: str
    name: str
    members: frozenset[str]
    effect: str
    action: str
    source: Source
    severity: Severity | None = Severity.KNOW
    control: InteractionControl | None = None
    after_stop: bool = False
    uncertain: bool = False


SPECIFICATION = Source("Specification 4.3 (S28, S31, S33)", published=False)
LABEL = Source("Japanese label: contraindicated together")
STUDY = Source("Study, patient 1; a database study finds no interaction of statins (S34)")
STRONG_CONTROL = InteractionControl((LEVEL, "creatinine", "potassium"), 1, 3)

TABLE: tuple[InteractionClass, ...] = (
    InteractionClass(
        "contraindicated",
        gettext_noop("never together"),
        NEVER,
        gettext_noop("contraindicated with tacrolimus"),
        gettext_noop("stop one of the two"),
        LABEL,
        Severity.ACT_NOW,
    ),
    InteractionClass(
        "paxlovid",
        gettext_noop("nirmatrelvir with ritonavir"),
        PAXLOVID,
        gettext_noop("tacrolimus rises many times over"),
        gettext_noop(
            "avoid; if unavoidable hold tacrolimus from day 1, level on day 3 and 6 to 7, restart by level "
            "about day 8 to 10"
        ),
        SPECIFICATION,
        Severity.ACT_NOW,
        InteractionControl((LEVEL, "creatinine", "potassium"), 3, 7),
        after_stop=True,
    ),
    InteractionClass(
        "one_third",
        gettext_noop("voriconazole, posaconazole"),
        ONE_THIRD,
        gettext_noop("tacrolimus rises strongly"),
        gettext_noop(
            "act before the first dose: one third of the tacrolimus dose; level, creatinine and potassium "
            "within 1 to 3 days, until stable and again after stopping"
        ),
        SPECIFICATION,
        Severity.ACT_NOW,
        STRONG_CONTROL,
        after_stop=True,
    ),
    InteractionClass(
        "strong_inhibitor",
        gettext_noop("strong CYP3A4 inhibitors"),
        members(STRONG_INHIBITOR) - ONE_THIRD - PAXLOVID,
        gettext_noop("tacrolimus rises strongly"),
        gettext_noop(
            "act before the first dose; level, creatinine and potassium within 1 to 3 days, until stable and "
            "again after stopping"
        ),
        SPECIFICATION,
        Severity.ACT_NOW,
        STRONG_CONTROL,
        after_stop=True,
    ),
    InteractionClass(
        "inducer",
        gettext_noop("CYP3A4 inducers"),
        members(INDUCER),
        gettext_noop("tacrolimus falls strongly"),
        gettext_noop("avoid; level every week, and again after stopping"),
        SPECIFICATION,
        Severity.THIS_VISIT,
        InteractionControl((LEVEL,), 5, 7),
        after_stop=True,
    ),
    InteractionClass(
        "food_or_herb",
        gettext_noop("Wuzhi (Schisandra), grapefruit"),
        FOODS,
        gettext_noop("tacrolimus rises"),
        gettext_noop("avoid; level in a week"),
        SPECIFICATION,
        Severity.THIS_VISIT,
        InteractionControl((LEVEL,), 5, 7),
    ),
    InteractionClass(
        "moderate_inhibitor",
        gettext_noop("moderate CYP3A4 inhibitors"),
        members(MODERATE_INHIBITOR) - FOODS,
        gettext_noop("tacrolimus rises"),
        gettext_noop("level in 3 to 5 days"),
        SPECIFICATION,
        Severity.THIS_VISIT,
        InteractionControl((LEVEL,), 3, 5),
    ),
    InteractionClass(
        "weak_inhibitor",
        gettext_noop("weak CYP3A4 inhibitors"),
        members(WEAK_INHIBITOR),
        gettext_noop("tacrolimus may rise"),
        gettext_noop("level in 1 to 2 weeks"),
        SPECIFICATION,
        control=InteractionControl((LEVEL,), 7, 14),
    ),
    InteractionClass(
        "uncertain",
        gettext_noop("isoniazid"),
        frozenset({"isoniazid"}),
        gettext_noop("sources disagree whether tacrolimus changes"),
        gettext_noop("level in 1 to 2 weeks"),
        SPECIFICATION,
        control=InteractionControl((LEVEL,), 7, 14),
        uncertain=True,
    ),
    InteractionClass(
        "nephrotoxic",
        gettext_noop("nephrotoxic drugs"),
        members(NEPHROTOXIC),
        gettext_noop("more strain on the kidneys"),
        gettext_noop("creatinine in 1 to 2 weeks"),
        SPECIFICATION,
        control=InteractionControl(("creatinine",), 7, 14),
    ),
    InteractionClass(
        "trimethoprim",
        gettext_noop("trimethoprim"),
        frozenset({"trimethoprim", "co_trimoxazole"}),
        gettext_noop("potassium rises"),
        gettext_noop("potassium in 7 days"),
        SPECIFICATION,
        control=InteractionControl(("potassium",), 5, 7),
    ),
    InteractionClass(
        "potassium_raising",
        gettext_noop("drugs that raise potassium"),
        members(POTASSIUM_RAISING) - members(POTASSIUM_SPARING) - {"trimethoprim", "co_trimoxazole"},
        gettext_noop("potassium rises"),
        gettext_noop("potassium in 1 to 2 weeks"),
        SPECIFICATION,
        control=InteractionControl(("potassium",), 7, 14),
    ),
    InteractionClass(
        "muscle",
        gettext_noop("statins, fibrates, colchicine"),
        members(MYOTOXIC, FIBRATE),
        gettext_noop("muscle damage: a caution, no block"),
        gettext_noop("CK before, 7 to 14 days after the start, and on symptoms"),
        STUDY,
        control=InteractionControl(("ck",), 7, 14),
    ),
    InteractionClass(
        "qt",
        gettext_noop("drugs that prolong QT"),
        members(QT_PROLONGING),
        gettext_noop("QT may be prolonged further"),
        gettext_noop("ECG with a second such drug, or where QTc is above 450 ms"),
        SPECIFICATION,
        severity=None,
    ),
    InteractionClass(
        "glucose_lowering",
        gettext_noop("insulin, sulfonylureas"),
        members(GLUCOSE_LOWERING),
        gettext_noop("hypoglycaemia as prednisolone goes down"),
        gettext_noop("a glucose plan with each step of the taper"),
        SPECIFICATION,
        severity=None,
    ),
)
