"""The drug catalogue: one row a drug, with checked codes and the classes that rules ask for.

A combination belongs to the class of each of its parts. Rules match on the key and its classes,
never on a code. Codes that could not be verified are empty.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from types import MappingProxyType

from patients.rules.verdict import gettext_noop

# [D] mg at one intake: above it a dose is more often a typing error, and asked twice (hazard 7).
ASKED_TWICE_ABOVE_MG: Mapping[str, Decimal] = MappingProxyType(
    {"tacrolimus": Decimal(5), "prednisolone": Decimal(60)}
)

STEROID = "systemic_glucocorticoid"
IMMUNOSUPPRESSANT = "immunosuppressant"
CALCINEURIN_INHIBITOR = "calcineurin_inhibitor"
MTOR_INHIBITOR = "mtor_inhibitor"
POTASSIUM_SPARING = "potassium_sparing_diuretic"
SELECTIVE_MRA = "selective_mineralocorticoid_antagonist"
POTASSIUM_RAISING = "potassium_raising"
RAAS_INHIBITOR = "raas_inhibitor"
CONTRAINDICATED_ENDOTHELIN_ANTAGONIST = "contraindicated_endothelin_antagonist"
STRONG_INHIBITOR = "strong_cyp3a4_inhibitor"
MODERATE_INHIBITOR = "moderate_cyp3a4_inhibitor"
WEAK_INHIBITOR = "weak_cyp3a4_inhibitor"
INDUCER = "cyp3a4_inducer"
STATIN = "statin"
FIBRATE = "fibrate"
NSAID = "nsaid"
NEPHROTOXIC = "nephrotoxic"
QT_PROLONGING = "qt_prolonging"
MYOTOXIC = "myotoxic"
ANTIMALARIAL = "antimalarial"
PNEUMOCYSTIS_PROPHYLAXIS = "pneumocystis_prophylaxis"
GLUCOSE_LOWERING = "insulin_or_sulfonylurea"


@dataclass(frozen=True)
class Drug:
    """One drug or fixed combination. single_doses: given as dated administrations."""

    key: str
    label: str
    atc: str = ""
    rxnorm: str = ""
    classes: frozenset[str] = frozenset()
    synonyms: tuple[str, ...] = ()
    single_doses: bool = False


def _drug(
    key: str,
    label: str,
    atc: str = "",
    rxnorm: str = "",
    *classes: str,
    synonyms: tuple[str, ...] = (),
    single_doses: bool = False,
) -> Drug:
    return Drug(key, label, atc, rxnorm, frozenset(classes), synonyms, single_doses)


_STEROIDS = (
    _drug("prednisolone", gettext_noop("prednisolone"), "H02AB06", "8638", STEROID, synonyms=("PSL",)),
    _drug("prednisone", gettext_noop("prednisone"), "H02AB07", "", STEROID),
    _drug(
        "methylprednisolone", gettext_noop("methylprednisolone"), "H02AB04", "", STEROID, synonyms=("mPSL",)
    ),
    _drug("hydrocortisone", gettext_noop("hydrocortisone"), "", "", STEROID),
    _drug("cortisone", gettext_noop("cortisone"), "", "", STEROID),
    _drug("dexamethasone", gettext_noop("dexamethasone"), "", "", STEROID),
    _drug("betamethasone", gettext_noop("betamethasone"), "", "", STEROID),
    _drug(
        "betamethasone_chlorpheniramine", gettext_noop("betamethasone with chlorpheniramine"), "", "", STEROID
    ),
    _drug("triamcinolone", gettext_noop("triamcinolone"), "", "", STEROID),
    _drug("deflazacort", gettext_noop("deflazacort"), "", "", STEROID),
)

_IMMUNOSUPPRESSANTS = (
    _drug("tacrolimus", gettext_noop("tacrolimus"), "L04AD02", "42316", CALCINEURIN_INHIBITOR, synonyms=("TAC",)),
    _drug(
        "ciclosporin", gettext_noop("ciclosporin"), "L04AD01", "3008", IMMUNOSUPPRESSANT, CALCINEURIN_INHIBITOR,
        synonyms=("cyclosporine", "CyA"),
    ),
    _drug("voclosporin", gettext_noop("voclosporin"), "L04AD03", "", IMMUNOSUPPRESSANT, CALCINEURIN_INHIBITOR),
    _drug(
        "cyclophosphamide", gettext_noop("cyclophosphamide"), "L01AA01", "3002", IMMUNOSUPPRESSANT,
        synonyms=("CPA", "CYC"), single_doses=True,
    ),
    _drug(
        "rituximab", gettext_noop("rituximab"), "L01FA01", "121191", IMMUNOSUPPRESSANT, synonyms=("RTX",),
        single_doses=True,
    ),
    _drug("azathioprine", gettext_noop("azathioprine"), "L04AX01", "1256", IMMUNOSUPPRESSANT, synonyms=("AZA",)),
    _drug("methotrexate", gettext_noop("methotrexate"), "L04AX03", "6851", IMMUNOSUPPRESSANT, synonyms=("MTX",)),
    _drug(
        "mycophenolate_mofetil", gettext_noop("mycophenolate mofetil"), "L04AA06", "68149", IMMUNOSUPPRESSANT,
        synonyms=("MMF",),
    ),
    _drug("mizoribine", gettext_noop("mizoribine"), "", "", IMMUNOSUPPRESSANT, synonyms=("MZB",)),
    _drug("leflunomide", gettext_noop("leflunomide"), "", "", IMMUNOSUPPRESSANT, synonyms=("LEF",)),
    _drug("belimumab", gettext_noop("belimumab"), "L04AG04", "", IMMUNOSUPPRESSANT, single_doses=True),
    _drug("anifrolumab", gettext_noop("anifrolumab"), "L04AG11", "", IMMUNOSUPPRESSANT, single_doses=True),
    _drug(
        "immunoglobulin", gettext_noop("intravenous immunoglobulin"), "", "", IMMUNOSUPPRESSANT,
        synonyms=("IVIg",), single_doses=True,
    ),
    _drug("other_immunosuppressant", gettext_noop("other immunosuppressant"), "", "", IMMUNOSUPPRESSANT),
    _drug("everolimus", gettext_noop("everolimus"), "", "", MTOR_INHIBITOR),
    _drug("sirolimus", gettext_noop("sirolimus"), "", "", MTOR_INHIBITOR),
    _drug(
        "hydroxychloroquine", gettext_noop("hydroxychloroquine"), "P01BA02", "5521", ANTIMALARIAL, QT_PROLONGING,
        synonyms=("HCQ",),
    ),
)  # fmt: skip

_HEART_AND_KIDNEY = (
    _drug("spironolactone", gettext_noop("spironolactone"), "C03DA01", "", POTASSIUM_SPARING, POTASSIUM_RAISING),
    _drug("canrenoate", gettext_noop("potassium canrenoate"), "C03DA02", "", POTASSIUM_SPARING, POTASSIUM_RAISING),
    _drug("triamterene", gettext_noop("triamterene"), "C03DB02", "", POTASSIUM_SPARING, POTASSIUM_RAISING),
    _drug(
        "spironolactone_thiazide", gettext_noop("spironolactone with a thiazide"), "", "", POTASSIUM_SPARING,
        POTASSIUM_RAISING,
    ),
    _drug(
        "triamterene_thiazide", gettext_noop("triamterene with a thiazide"), "", "", POTASSIUM_SPARING,
        POTASSIUM_RAISING,
    ),
    _drug("eplerenone", gettext_noop("eplerenone"), "C03DA04", "", SELECTIVE_MRA, POTASSIUM_RAISING),
    _drug("finerenone", gettext_noop("finerenone"), "", "", SELECTIVE_MRA, POTASSIUM_RAISING),
    _drug("esaxerenone", gettext_noop("esaxerenone"), "", "", SELECTIVE_MRA, POTASSIUM_RAISING),
    _drug("bosentan", gettext_noop("bosentan"), "C02KX01", "", CONTRAINDICATED_ENDOTHELIN_ANTAGONIST),
    _drug("enalapril", gettext_noop("enalapril"), "C09AA02", "", RAAS_INHIBITOR, POTASSIUM_RAISING),
    _drug("imidapril", gettext_noop("imidapril"), "C09AA16", "", RAAS_INHIBITOR, POTASSIUM_RAISING),
    _drug("lisinopril", gettext_noop("lisinopril"), "C09AA03", "29046", RAAS_INHIBITOR, POTASSIUM_RAISING),
    _drug("losartan", gettext_noop("losartan"), "C09CA01", "", RAAS_INHIBITOR, POTASSIUM_RAISING),
    _drug("valsartan", gettext_noop("valsartan"), "C09CA03", "", RAAS_INHIBITOR, POTASSIUM_RAISING),
    _drug("candesartan", gettext_noop("candesartan"), "C09CA06", "", RAAS_INHIBITOR, POTASSIUM_RAISING),
    _drug("telmisartan", gettext_noop("telmisartan"), "C09CA07", "", RAAS_INHIBITOR, POTASSIUM_RAISING),
    _drug("olmesartan", gettext_noop("olmesartan"), "C09CA08", "", RAAS_INHIBITOR, POTASSIUM_RAISING),
    _drug("azilsartan", gettext_noop("azilsartan"), "C09CA09", "", RAAS_INHIBITOR, POTASSIUM_RAISING),
    _drug(
        "losartan_hydrochlorothiazide", gettext_noop("losartan with hydrochlorothiazide"), "", "",
        RAAS_INHIBITOR, POTASSIUM_RAISING,
    ),
    _drug(
        "candesartan_amlodipine", gettext_noop("candesartan with amlodipine"), "", "", RAAS_INHIBITOR,
        POTASSIUM_RAISING,
    ),
    _drug("irbesartan", gettext_noop("irbesartan"), "", "", RAAS_INHIBITOR, POTASSIUM_RAISING),
    _drug("irbesartan_amlodipine", gettext_noop("irbesartan with amlodipine"), "", "", RAAS_INHIBITOR, POTASSIUM_RAISING),
    _drug("telmisartan_amlodipine", gettext_noop("telmisartan with amlodipine"), "", "", RAAS_INHIBITOR, POTASSIUM_RAISING),
    _drug("valsartan_amlodipine", gettext_noop("valsartan with amlodipine"), "", "", RAAS_INHIBITOR, POTASSIUM_RAISING),
    _drug("azilsartan_amlodipine", gettext_noop("azilsartan with amlodipine"), "", "", RAAS_INHIBITOR, POTASSIUM_RAISING),
    _drug("olmesartan_azelnidipine", gettext_noop("olmesartan with azelnidipine"), "", "", RAAS_INHIBITOR, POTASSIUM_RAISING),
    _drug("sacubitril_valsartan", gettext_noop("sacubitril with valsartan"), "", "", RAAS_INHIBITOR, POTASSIUM_RAISING),
    _drug("amlodipine", gettext_noop("amlodipine")),
    _drug("potassium_salt", gettext_noop("potassium supplement"), "", "", POTASSIUM_RAISING),
    _drug("atorvastatin", gettext_noop("atorvastatin"), "C10AA05", "83367", STATIN, MYOTOXIC),
    _drug("rosuvastatin", gettext_noop("rosuvastatin"), "C10AA07", "301542", STATIN, MYOTOXIC),
    _drug("pravastatin", gettext_noop("pravastatin"), "C10AA03", "42463", STATIN, MYOTOXIC),
    _drug("simvastatin", gettext_noop("simvastatin"), "C10AA01", "36567", STATIN, MYOTOXIC),
    _drug("pitavastatin", gettext_noop("pitavastatin"), "C10AA08", "", STATIN, MYOTOXIC),
    _drug("fluvastatin", gettext_noop("fluvastatin"), "C10AA04", "", STATIN, MYOTOXIC),
    _drug("atorvastatin_amlodipine", gettext_noop("atorvastatin with amlodipine"), "", "", STATIN, MYOTOXIC),
    _drug("atorvastatin_ezetimibe", gettext_noop("atorvastatin with ezetimibe"), "", "", STATIN, MYOTOXIC),
    _drug("pitavastatin_ezetimibe", gettext_noop("pitavastatin with ezetimibe"), "", "", STATIN, MYOTOXIC),
    _drug("rosuvastatin_ezetimibe", gettext_noop("rosuvastatin with ezetimibe"), "", "", STATIN, MYOTOXIC),
    _drug("bezafibrate", gettext_noop("bezafibrate"), "", "", FIBRATE, MYOTOXIC, NEPHROTOXIC),
    _drug("fenofibrate", gettext_noop("fenofibrate"), "", "", FIBRATE, MYOTOXIC, NEPHROTOXIC),
    _drug("pemafibrate", gettext_noop("pemafibrate"), "", "", FIBRATE, MYOTOXIC, NEPHROTOXIC),
    _drug("colchicine", gettext_noop("colchicine"), "M04AC01", "", MYOTOXIC),
    _drug("insulin", gettext_noop("insulin"), "", "", GLUCOSE_LOWERING),
    _drug("glimepiride", gettext_noop("glimepiride"), "", "", GLUCOSE_LOWERING),
    _drug("gliclazide", gettext_noop("gliclazide"), "", "", GLUCOSE_LOWERING),
)  # fmt: skip

_INTERACTING = (
    _drug(
        "clarithromycin", gettext_noop("clarithromycin"), "J01FA09", "", STRONG_INHIBITOR, QT_PROLONGING
    ),
    _drug("itraconazole", gettext_noop("itraconazole"), "J02AC02", "", STRONG_INHIBITOR),
    _drug("voriconazole", gettext_noop("voriconazole"), "J02AC03", "", STRONG_INHIBITOR, QT_PROLONGING),
    _drug("posaconazole", gettext_noop("posaconazole"), "", "", STRONG_INHIBITOR),
    _drug("ketoconazole", gettext_noop("ketoconazole"), "", "", STRONG_INHIBITOR),
    _drug("nirmatrelvir_ritonavir", gettext_noop("nirmatrelvir with ritonavir"), "J05AE30", "", STRONG_INHIBITOR),
    _drug("ritonavir_combination", gettext_noop("other ritonavir combination"), "", "", STRONG_INHIBITOR),
    _drug("cobicistat_combination", gettext_noop("cobicistat combination"), "", "", STRONG_INHIBITOR),
    _drug("ensitrelvir", gettext_noop("ensitrelvir"), "", "", STRONG_INHIBITOR),
    _drug("fluconazole", gettext_noop("fluconazole"), "J02AC01", "", MODERATE_INHIBITOR, QT_PROLONGING),
    _drug("isavuconazole", gettext_noop("isavuconazole"), "", "", MODERATE_INHIBITOR),
    _drug("erythromycin", gettext_noop("erythromycin"), "", "", MODERATE_INHIBITOR, QT_PROLONGING),
    _drug("diltiazem", gettext_noop("diltiazem"), "C08DB01", "", MODERATE_INHIBITOR),
    _drug("verapamil", gettext_noop("verapamil"), "", "", MODERATE_INHIBITOR),
    _drug("amiodarone", gettext_noop("amiodarone"), "", "", MODERATE_INHIBITOR, QT_PROLONGING),
    _drug("letermovir", gettext_noop("letermovir"), "", "", MODERATE_INHIBITOR),
    _drug("nicardipine", gettext_noop("nicardipine"), "", "", MODERATE_INHIBITOR),
    _drug("nilvadipine", gettext_noop("nilvadipine"), "", "", MODERATE_INHIBITOR),
    _drug("danazol", gettext_noop("danazol"), "", "", MODERATE_INHIBITOR),
    _drug("cannabidiol", gettext_noop("cannabidiol"), "", "", MODERATE_INHIBITOR),
    _drug("nifedipine", gettext_noop("nifedipine"), "", "", WEAK_INHIBITOR),
    _drug("ethinylestradiol", gettext_noop("ethinylestradiol"), "", "", WEAK_INHIBITOR),
    _drug("omeprazole", gettext_noop("omeprazole"), "", "", WEAK_INHIBITOR),
    _drug("lansoprazole", gettext_noop("lansoprazole"), "", "", WEAK_INHIBITOR),
    _drug("bromocriptine", gettext_noop("bromocriptine"), "", "", WEAK_INHIBITOR),
    _drug("clotrimazole", gettext_noop("clotrimazole"), "", "", WEAK_INHIBITOR),
    _drug("wuzhi", gettext_noop("Wuzhi (Schisandra)"), "", "", MODERATE_INHIBITOR),
    _drug("grapefruit", gettext_noop("grapefruit"), "", "", MODERATE_INHIBITOR),
    _drug("rifampicin", gettext_noop("rifampicin"), "J04AB02", "", INDUCER),
    _drug("rifabutin", gettext_noop("rifabutin"), "", "", INDUCER),
    _drug("phenytoin", gettext_noop("phenytoin"), "", "", INDUCER),
    _drug("phenobarbital", gettext_noop("phenobarbital"), "", "", INDUCER),
    _drug("carbamazepine", gettext_noop("carbamazepine"), "", "", INDUCER),
    _drug("st_johns_wort", gettext_noop("St John's wort"), "", "", INDUCER),
    _drug("isoniazid", gettext_noop("isoniazid")),
    _drug("loxoprofen", gettext_noop("loxoprofen"), "", "", NSAID, NEPHROTOXIC),
    _drug("celecoxib", gettext_noop("celecoxib"), "", "", NSAID, NEPHROTOXIC),
    _drug("diclofenac", gettext_noop("diclofenac"), "", "", NSAID, NEPHROTOXIC),
    _drug("ibuprofen", gettext_noop("ibuprofen"), "", "", NSAID, NEPHROTOXIC),
    _drug("naproxen", gettext_noop("naproxen"), "", "", NSAID, NEPHROTOXIC),
    _drug("gentamicin", gettext_noop("gentamicin"), "", "", NEPHROTOXIC),
    _drug("amphotericin_b", gettext_noop("amphotericin B"), "", "", NEPHROTOXIC),
    _drug("vancomycin", gettext_noop("vancomycin"), "", "", NEPHROTOXIC),
    _drug("ganciclovir", gettext_noop("ganciclovir"), "", "", NEPHROTOXIC),
    _drug("aciclovir", gettext_noop("aciclovir"), "", "", NEPHROTOXIC),
    _drug("ciprofloxacin", gettext_noop("ciprofloxacin"), "", "", NEPHROTOXIC, QT_PROLONGING),
    _drug("levofloxacin", gettext_noop("levofloxacin"), "", "", QT_PROLONGING),
    _drug("ranolazine", gettext_noop("ranolazine"), "", "", QT_PROLONGING),
    _drug("trimethoprim", gettext_noop("trimethoprim"), "J01EA01", "", POTASSIUM_RAISING),
    _drug(
        "co_trimoxazole", gettext_noop("trimethoprim with sulfamethoxazole"), "J01EE01", "", POTASSIUM_RAISING,
        NEPHROTOXIC, PNEUMOCYSTIS_PROPHYLAXIS, synonyms=("co-trimoxazole", "ST"),
    ),
    _drug("atovaquone", gettext_noop("atovaquone"), "", "", PNEUMOCYSTIS_PROPHYLAXIS),
)  # fmt: skip

DRUGS: Mapping[str, Drug] = MappingProxyType(
    {drug.key: drug for drug in (*_STEROIDS, *_IMMUNOSUPPRESSANTS, *_HEART_AND_KIDNEY, *_INTERACTING)}
)


@cache
def members(*classes: str) -> frozenset[str]:
    """The keys of the drugs that belong to any of the classes."""
    wanted = frozenset(classes)
    return frozenset(key for key, drug in DRUGS.items() if drug.classes & wanted)


def find(text: str) -> str | None:
    """The key of the drug with this name, key or synonym, whatever the case; None when unknown."""
    return _BY_NAME.get(_fold(text))


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()


_BY_NAME: Mapping[str, str] = MappingProxyType(
    {_fold(name): drug.key for drug in DRUGS.values() for name in (drug.key, drug.label, *drug.synonyms)}
)
