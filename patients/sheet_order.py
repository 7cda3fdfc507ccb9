"""Which analytes the laboratory sheet of a clinic shows first, and in which order; the others fold away."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import Clinic
from patients.models import SheetOrder
from patients.rules.analytes import ANALYTES

ON_THE_SHEET = tuple(key for key, analyte in ANALYTES.items() if not analyte.goes_to_levels)
# Asked for on an occasion rather than at each visit: folded away until a clinic orders its own sheet.
SELDOM = frozenset(
    {
        "lupus_anticoagulant", "anticardiolipin_igg", "anticardiolipin_igm", "anti_b2gpi_igg",
        "anti_b2gpi_igm", "igg", "kl6", "beta_d_glucan", "urine_protein_24h", "acr", "cystatin_c",
        "phosphate", "haptoglobin", "ldl", "triglycerides", "reticulocytes", "reticulocyte_count",
        "direct_coombs", "schistocytes", "hcv_rna",
    }
)  # fmt: skip
USUAL = tuple(key for key in ON_THE_SHEET if key not in SELDOM)


@dataclass(frozen=True)
class Sheet:
    """The analytes that stand first, in order; is_own: of the clinic's own choice."""

    first: tuple[str, ...] = USUAL
    is_own: bool = False


def sheet_of(clinic_id: int) -> Sheet:
    """The clinic's order, without analytes that the catalogue no longer has; the usual one without any."""
    kept = SheetOrder.objects.filter(clinic=clinic_id).values_list("analytes", flat=True).first()
    known = tuple(key for key in kept or () if key in ON_THE_SHEET)
    return Sheet(known, is_own=True) if known else Sheet()


def kept_order(clinic: Clinic) -> SheetOrder | None:
    """The row of the clinic's own order; None where it has none yet."""
    return SheetOrder.objects.filter(clinic=clinic).first()
