"""Questions about the patient that are answered yes, no or unknown, with the day of the answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from patients.rules.verdict import gettext_noop


@dataclass(frozen=True)
class StatementKind:
    """One question. event says what the date beside a yes means; "" when none is asked for."""

    key: str
    question: str
    event: str = ""
    only_for_sex: str = ""


_ALL = (
    StatementKind("pregnant", gettext_noop("Pregnant?"), gettext_noop("since"), "F"),
    StatementKind("breastfeeding", gettext_noop("Breastfeeding?"), "", "F"),
    StatementKind("childbearing_potential", gettext_noop("Can become pregnant?"), "", "F"),
    StatementKind("tacrolimus_hypersensitivity", gettext_noop("Hypersensitive to tacrolimus?")),
    StatementKind(
        "calcineurin_inhibitor_serious_reaction",
        gettext_noop("Earlier serious reaction to a calcineurin inhibitor?"),
    ),
    StatementKind(
        "live_vaccine",
        gettext_noop("Live vaccine planned or given?"),
        gettext_noop("planned for or given on"),
    ),
    StatementKind("hepatitis_b_vaccinated", gettext_noop("Vaccinated against hepatitis B?")),
    StatementKind("hepatitis_b_plan", gettext_noop("Hepatitis B: plan agreed with a hepatologist?")),
    StatementKind("malignancy", gettext_noop("Malignancy, now or before?"), gettext_noop("diagnosed")),
    StatementKind("long_qt_syndrome", gettext_noop("Congenital long QT syndrome?")),
    StatementKind("cardiac_disease", gettext_noop("Heart disease?")),
    StatementKind("diabetes", gettext_noop("Diabetes?")),
    StatementKind(
        "hydroxychloroquine_not_suitable", gettext_noop("A reason against hydroxychloroquine recorded?")
    ),
    StatementKind(
        "steroid_insufficient_or_not_tolerated", gettext_noop("Steroid insufficient or not tolerated?")
    ),
    StatementKind("cyp3a5_expresser", gettext_noop("CYP3A5 expresser (carries *1)?")),
)

KINDS: Mapping[str, StatementKind] = MappingProxyType({kind.key: kind for kind in _ALL})
