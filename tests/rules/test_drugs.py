"""The drug catalogue: codes of the verified table, classes of the clinical specification."""

import re

import pytest

from patients.rules.drugs import DRUGS, find, members
from patients.rules.glucocorticoids import MG_EQUAL_TO_5_MG_PREDNISOLONE

# ATC and RxNorm as verified in public tables for the first specification; "" where none was found then.
CODES = {
    "tacrolimus": ("L04AD02", "42316"),
    "prednisolone": ("H02AB06", "8638"),
    "methylprednisolone": ("H02AB04", ""),
    "prednisone": ("H02AB07", ""),
    "ciclosporin": ("L04AD01", "3008"),
    "cyclophosphamide": ("L01AA01", "3002"),
    "azathioprine": ("L04AX01", "1256"),
    "methotrexate": ("L04AX03", "6851"),
    "mycophenolate_mofetil": ("L04AA06", "68149"),
    "rituximab": ("L01FA01", "121191"),
    "hydroxychloroquine": ("P01BA02", "5521"),
    "belimumab": ("L04AG04", ""),
    "anifrolumab": ("L04AG11", ""),
    "voclosporin": ("L04AD03", ""),
    "atorvastatin": ("C10AA05", "83367"),
    "rosuvastatin": ("C10AA07", "301542"),
    "pravastatin": ("C10AA03", "42463"),
    "simvastatin": ("C10AA01", "36567"),
    "pitavastatin": ("C10AA08", ""),
    "fluvastatin": ("C10AA04", ""),
    "losartan": ("C09CA01", ""),
    "valsartan": ("C09CA03", ""),
    "candesartan": ("C09CA06", ""),
    "telmisartan": ("C09CA07", ""),
    "olmesartan": ("C09CA08", ""),
    "azilsartan": ("C09CA09", ""),
    "enalapril": ("C09AA02", ""),
    "imidapril": ("C09AA16", ""),
    "lisinopril": ("C09AA03", "29046"),
    "co_trimoxazole": ("J01EE01", ""),
    "bosentan": ("C02KX01", ""),
    "canrenoate": ("C03DA02", ""),
    "triamterene": ("C03DB02", ""),
    "eplerenone": ("C03DA04", ""),
    "clarithromycin": ("J01FA09", ""),
    "itraconazole": ("J02AC02", ""),
    "fluconazole": ("J02AC01", ""),
    "voriconazole": ("J02AC03", ""),
    "diltiazem": ("C08DB01", ""),
    "nirmatrelvir_ritonavir": ("J05AE30", ""),
    "rifampicin": ("J04AB02", ""),
    "spironolactone": ("C03DA01", ""),
    "trimethoprim": ("J01EA01", ""),
    "colchicine": ("M04AC01", ""),
}

# Members that the specification names, by class (2.2 C3, 4.2, 4.3, 5.5).
CLASSES = {
    "systemic_glucocorticoid":
        "prednisolone prednisone methylprednisolone triamcinolone hydrocortisone cortisone dexamethasone "
        "betamethasone betamethasone_chlorpheniramine deflazacort",
    "immunosuppressant":
        "cyclophosphamide rituximab ciclosporin methotrexate mycophenolate_mofetil azathioprine mizoribine "
        "leflunomide belimumab anifrolumab voclosporin immunoglobulin other_immunosuppressant",
    "calcineurin_inhibitor": "tacrolimus ciclosporin voclosporin",
    "mtor_inhibitor": "everolimus sirolimus",
    "contraindicated_endothelin_antagonist": "bosentan",
    "potassium_sparing_diuretic":
        "spironolactone canrenoate triamterene spironolactone_thiazide triamterene_thiazide",
    "selective_mineralocorticoid_antagonist": "eplerenone finerenone esaxerenone",
    "strong_cyp3a4_inhibitor":
        "itraconazole voriconazole posaconazole ketoconazole clarithromycin nirmatrelvir_ritonavir "
        "ritonavir_combination cobicistat_combination ensitrelvir",
    "moderate_cyp3a4_inhibitor":
        "fluconazole isavuconazole erythromycin diltiazem verapamil amiodarone letermovir nicardipine "
        "nilvadipine danazol cannabidiol wuzhi grapefruit",
    "weak_cyp3a4_inhibitor": "nifedipine ethinylestradiol omeprazole lansoprazole bromocriptine clotrimazole",
    "cyp3a4_inducer": "rifampicin rifabutin phenytoin phenobarbital carbamazepine st_johns_wort",
    "nsaid": "loxoprofen celecoxib diclofenac ibuprofen naproxen",
    "fibrate": "bezafibrate fenofibrate pemafibrate",
    "antimalarial": "hydroxychloroquine",
    "pneumocystis_prophylaxis": "co_trimoxazole atovaquone",
    "insulin_or_sulfonylurea": "insulin glimepiride gliclazide",
}  # fmt: skip

# A combination belongs to the class of each of its parts.
COMBINATIONS = {
    "betamethasone_chlorpheniramine": ("betamethasone",),
    "losartan_hydrochlorothiazide": ("losartan",),
    "candesartan_amlodipine": ("candesartan", "amlodipine"),
    "irbesartan_amlodipine": ("irbesartan", "amlodipine"),
    "telmisartan_amlodipine": ("telmisartan", "amlodipine"),
    "valsartan_amlodipine": ("valsartan", "amlodipine"),
    "azilsartan_amlodipine": ("azilsartan", "amlodipine"),
    "olmesartan_azelnidipine": ("olmesartan",),
    "sacubitril_valsartan": ("valsartan",),
    "spironolactone_thiazide": ("spironolactone",),
    "triamterene_thiazide": ("triamterene",),
    "atorvastatin_amlodipine": ("atorvastatin", "amlodipine"),
    "atorvastatin_ezetimibe": ("atorvastatin",),
    "pitavastatin_ezetimibe": ("pitavastatin",),
    "rosuvastatin_ezetimibe": ("rosuvastatin",),
    "co_trimoxazole": ("trimethoprim",),
}


SPECIFIED = CODES.keys() | COMBINATIONS.keys() | {key for keys in CLASSES.values() for key in keys.split()}


@pytest.mark.parametrize("key", sorted(CODES))
def test_codes_are_the_verified_ones(key: str) -> None:
    atc, rxnorm = CODES[key]
    assert DRUGS[key].atc == atc
    assert DRUGS[key].rxnorm == rxnorm or not rxnorm


def test_codes_have_the_form_of_codes() -> None:
    assert all(re.fullmatch(r"([A-Z]\d\d[A-Z]{2}\d\d)?", drug.atc) for drug in DRUGS.values())
    assert all(re.fullmatch(r"\d*", drug.rxnorm) for drug in DRUGS.values())


def test_every_drug_of_the_table_is_in_the_catalogue() -> None:
    assert CODES.keys() <= DRUGS.keys()
    assert "mizoribine" in DRUGS


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_a_class_has_the_members_that_the_specification_names(name: str) -> None:
    """Of the drugs that it speaks of; the vocabulary has more."""
    assert members(name) & SPECIFIED == set(CLASSES[name].split())


@pytest.mark.parametrize(("combination", "parts"), COMBINATIONS.items())
def test_a_combination_is_of_the_class_of_each_part(combination: str, parts: tuple[str, ...]) -> None:
    for part in parts:
        assert DRUGS[part].classes <= DRUGS[combination].classes


@pytest.mark.parametrize(("name", "prefixes"), [("statin", ("C10AA",)), ("raas_inhibitor", ("C09A", "C09C"))])
def test_classes_agree_with_the_codes(name: str, prefixes: tuple[str, ...]) -> None:
    coded = {key for key, drug in DRUGS.items() if drug.atc.startswith(prefixes)}
    assert coded
    assert coded <= members(name)


def test_what_raises_potassium() -> None:
    """Specification 4.3: potassium salts, ACE inhibitors and ARBs, selective antagonists, trimethoprim."""
    raising = members("potassium_raising")
    assert {"potassium_salt", "trimethoprim", "co_trimoxazole"} <= raising
    assert members("raas_inhibitor", "selective_mineralocorticoid_antagonist") <= raising
    assert members("potassium_sparing_diuretic") <= raising


def test_what_harms_kidney_or_muscle() -> None:
    """Of the drugs that the specification speaks of."""
    assert members("nsaid", "fibrate") & SPECIFIED | {
        "gentamicin", "amphotericin_b", "vancomycin", "co_trimoxazole", "ganciclovir", "aciclovir",
        "ciprofloxacin",
    } <= members("nephrotoxic")  # fmt: skip
    assert members("statin", "fibrate") & SPECIFIED | {"colchicine"} <= members("myotoxic")


def test_what_prolongs_qt() -> None:
    assert {"clarithromycin", "erythromycin", "levofloxacin", "ciprofloxacin", "hydroxychloroquine",
            "ranolazine"} <= members("qt_prolonging")  # fmt: skip


def test_the_added_drug_is_not_its_own_added_immunosuppressant() -> None:
    assert "tacrolimus" not in members("immunosuppressant")


def test_interaction_strengths_exclude_each_other() -> None:
    strong, moderate, weak, inducer = (
        members(name)
        for name in
        ("strong_cyp3a4_inhibitor", "moderate_cyp3a4_inhibitor", "weak_cyp3a4_inhibitor", "cyp3a4_inducer")
    )  # fmt: skip
    assert len(strong | moderate | weak | inducer) == len(strong) + len(moderate) + len(weak) + len(inducer)


def test_isoniazid_is_uncertain_so_it_is_of_no_class() -> None:
    assert DRUGS["isoniazid"].classes == frozenset()


def test_members_of_several_classes_are_those_of_any() -> None:
    assert members("mtor_inhibitor", "antimalarial") == members("mtor_inhibitor") | members("antimalarial")
    assert {"everolimus", "sirolimus", "hydroxychloroquine"} <= members("mtor_inhibitor", "antimalarial")
    assert members() == members("no such class") == frozenset()


def test_every_glucocorticoid_has_a_prednisolone_equivalent() -> None:
    """But budesonide, of which little reaches the blood: its equivalent is not known, and said so."""
    assert members("systemic_glucocorticoid") - {"budesonide"} == MG_EQUAL_TO_5_MG_PREDNISOLONE.keys()


def test_infusions_are_given_as_single_doses() -> None:
    given = {key for key, drug in DRUGS.items() if drug.single_doses}
    assert {"rituximab", "cyclophosphamide", "immunoglobulin"} <= given
    assert "prednisolone" not in given


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("prednisolone", "prednisolone"),
        ("Prednisolone ", "prednisolone"),
        ("PSL", "prednisolone"),
        ("psl", "prednisolone"),
        ("ＰＳＬ", "prednisolone"),
        ("MMF", "mycophenolate_mofetil"),
        ("mycophenolate mofetil", "mycophenolate_mofetil"),
        ("mycophenolate_mofetil", "mycophenolate_mofetil"),
        ("cyclosporine", "ciclosporin"),
        ("St John's wort", "st_johns_wort"),
        ("co-trimoxazole", "co_trimoxazole"),
    ],
)
def test_a_drug_is_found_by_name_key_or_synonym(text: str, key: str) -> None:
    assert find(text) == key


@pytest.mark.parametrize(
    "text", ["", "pred", "prednisolon forte plus", "unknown", "tacrolimus or ciclosporin"]
)
def test_a_drug_is_never_guessed_from_part_of_a_name(text: str) -> None:
    assert find(text) is None


def test_keys_are_stable_identifiers() -> None:
    assert all(key == drug.key and key.isidentifier() and key.islower() for key, drug in DRUGS.items())
