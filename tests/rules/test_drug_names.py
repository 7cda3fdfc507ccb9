"""Which drug a text means: every name of the catalogue in every spelling, and nothing by resemblance."""

import random
import unicodedata

import pytest

from patients.rules.drugs import DRUGS, find, names_like, resolve, suggestions
from patients.rules.drugs.names import ambiguous_names, fold_drug_name, keys_by_name
from patients.rules.folding import fold
from tests.properties import counted

NAMES = sorted((name, drug.key) for drug in DRUGS.values() for name in drug.names)
OF_ONE_DRUG = [(name, key) for name, key in NAMES if fold_drug_name(name) not in ambiguous_names()]

# What three ordinary patients take, in Japan, Germany and the United States, as their lists are written.
ORDINARY = {
    "プレドニン錠5mg 1.5錠 朝": "prednisolone",
    "プラケニル錠200mg 1日1回": "hydroxychloroquine",
    "タケキャブ錠10mg 1日1回": "vonoprazan",
    "ボナロン錠35mg 週1回": "alendronic_acid",
    "エディロールカプセル0.75μg 1日1回": "eldecalcitol",
    "クレストール錠2.5mg 1日1回": "rosuvastatin",
    "ブロプレス錠4mg 1日1回": "candesartan",
    "バクタ配合錠 1錠 月水金": "co_trimoxazole",
    "アムロジピンOD錠5mg 1日1回": "amlodipine",
    "マグミット錠330mg 1日3回": "magnesium_oxide",
    "カロナール錠500 頓用": "paracetamol",
    "Prednisolon 7,5 mg morgens": "prednisolone",
    "Quensyl 200 mg 1-0-1": "hydroxychloroquine",
    "Pantoprazol 20 mg 1-0-0": "pantoprazole",
    "Alendronsäure 70 mg einmal pro Woche": "alendronic_acid",
    "Dekristol 20 000 I.E. alle zwei Wochen": "colecalciferol",
    "Atorvastatin 20 mg abends": "atorvastatin",
    "Ramipril 5 mg 1-0-0": "ramipril",
    "Cotrim forte 960 Mo Mi Fr": "co_trimoxazole",
    "Bisoprolol 2,5 mg 1-0-0": "bisoprolol",
    "L-Thyroxin 75 μg nüchtern": "levothyroxine",
    "ASS 100 1-0-0": "aspirin",
    "Ibuprofen 400 bei Bedarf": "ibuprofen",
    "Prednisone 7.5 mg every morning": "prednisone",
    "Plaquenil 200 mg BID": "hydroxychloroquine",
    "omeprazole 20 mg daily": "omeprazole",
    "Fosamax 70 mg once a week": "alendronic_acid",
    "vitamin D3 2000 IU daily": "colecalciferol",
    "rosuvastatin 10 mg nightly": "rosuvastatin",
    "losartan 50 mg daily": "losartan",
    "Bactrim DS Mon/Wed/Fri": "co_trimoxazole",
    "amlodipine 5 mg daily": "amlodipine",
    "Synthroid 75 mcg daily": "levothyroxine",
    "Zoloft 50 mg daily": "sertraline",
    "Tylenol 500 mg PRN": "paracetamol",
    "albuterol inhaler PRN": "salbutamol",
}
AS_WRITTEN = {
    "プレドニン錠5mg": "prednisolone",
    "Prograf 1 mg cap": "tacrolimus",
    "rifampin": "rifampicin",
    "acyclovir": "aciclovir",
    "Cyclosporin": "ciclosporin",
    "Paxlovid": "nirmatrelvir_ritonavir",
    "Cellcept 1000 mg": "mycophenolate_mofetil",
    "ﾌﾟﾛｸﾞﾗﾌ": "tacrolimus",
    "ぷろぐらふ": "tacrolimus",
    "タクロリムス錠1mg「サワイ」": "tacrolimus",
    "T. Prograf 1 mg": "tacrolimus",
    "プロトピック軟膏0.1%": "tacrolimus_topical",
    "St John’s wort": "st_johns_wort",
    "ST johnʼs wort": "st_johns_wort",
    "losartan potassium 50 mg": "losartan",
    "ロサルタンカリウム錠50mg": "losartan",
    "Atorvastatin-Calcium 20 mg abends": "atorvastatin",
}
FORMS_LATIN = ("{} 5 mg", "{} 2.5mg", "{} 10 mg tablets bid", "{} 200 mg 1-0-1", "Tab. {} 5 mg")
FORMS_JAPANESE = ("{}錠5mg", "{}カプセル0.5mg「サワイ」", "{} 1日2回 朝夕食後", "{}顆粒1mg 0.5包")


@pytest.mark.parametrize(("text", "key"), {**ORDINARY, **AS_WRITTEN}.items())
def test_as_people_write_it(text: str, key: str) -> None:
    assert find(text) == key


def test_every_name_of_the_catalogue_alone() -> None:
    assert [(name, find(name)) for name, key in OF_ONE_DRUG if find(name) != key] == []


def test_every_name_with_strength_and_form_around_it() -> None:
    wrong = []
    for name, key in OF_ONE_DRUG:
        forms = FORMS_LATIN if name.isascii() else FORMS_JAPANESE
        wrong += [text for text in (form.format(name) for form in forms) if find(text) not in (key, None)]
    assert wrong == []


def test_most_names_with_strength_and_form_are_found() -> None:
    """A local form of a drug that is swallowed is asked about; so is a name that ends in a number."""
    lost = [
        (name, form)
        for name, key in OF_ONE_DRUG
        for form in (FORMS_LATIN if name.isascii() else FORMS_JAPANESE)
        if find(form.format(name)) is None
    ]
    assert len(lost) < 0.01 * len(OF_ONE_DRUG) * 4, lost[:20]


@pytest.mark.parametrize("text", sorted(ambiguous_names()))
def test_what_has_two_meanings_has_none_until_somebody_says(text: str) -> None:
    found = resolve(text)
    assert found.key is None
    assert found.candidates
    assert set(found.candidates) <= DRUGS.keys()


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("tacrolimis", "tacrolimus"),
        ("prednisolne 5 mg", None),
        ("mycophenolate 500 mg", "mycophenolate_mofetil"),
        ("Blopress plus", "candesartan"),
        ("Prograf ointment", "tacrolimus"),
        ("tacrolimus 0.1 %", "tacrolimus"),  # a strength in per cent is that of an ointment
        ("furosemide, potassium", "furosemide"),  # two drugs, not one and its salt
        ("magnesium oxide 330 mg calcium", "magnesium_oxide"),
        ("XYZ-12 tablets", None),
        ("prednisolone or prednisone", "prednisone"),
        ("prednisolone 5 mg not taken", "prednisolone"),
        ("stopped tacrolimus", "tacrolimus"),
        ("プログラフは中止", "tacrolimus"),
        ("", None),
    ],
)
def test_what_merely_resembles_a_name_is_offered_and_not_taken(text: str, offered: str | None) -> None:
    found = resolve(text)
    assert found.key is None
    assert offered is None or offered in found.candidates


def test_no_suggestion_for_a_text_of_two_letters() -> None:
    assert suggestions("ta") == ()


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("tacro", "tacrolimus"),
        ("ぷろぐ", "tacrolimus"),
        ("ﾌﾟﾛｸﾞ", "tacrolimus"),
        ("cellc", "mycophenolate_mofetil"),
    ],
)
def test_the_picker_finds_by_the_beginning_of_any_name(typed: str, key: str) -> None:
    assert key in [found for _name, found in names_like(typed)][:3]


def test_the_picker_offers_each_drug_once_and_never_too_many() -> None:
    found = names_like("a")
    assert len(found) == len({key for _name, key in found}) == 12


def _variant(name: str, chance: random.Random) -> str:
    """The name as somebody else would type it: other width, case, kana, dash, apostrophe, accent, space."""
    letters = list(name)
    for place, letter in enumerate(letters):
        match chance.randrange(6):
            case 0:
                letters[place] = letter.swapcase() if letter.lower().upper() == letter.upper() else letter
            case 1 if "!" <= letter <= "~":
                letters[place] = chr(ord(letter) + 0xFEE0)
            case 2 if "ァ" <= letter <= "ヶ":
                letters[place] = chr(ord(letter) - 0x60)
            case 3 if letter == "-":
                letters[place] = chance.choice("‐‑–—−")
            case 4 if letter == "'":
                letters[place] = chance.choice("’‘ʼ")
            case 5 if letter in "aeiou":
                letters[place] = unicodedata.normalize(chance.choice(("NFC", "NFD")), letter + "\u0301")
    return "".join(letters)


def test_a_name_that_differs_only_by_spelling_is_one_key() -> None:
    """100 000 generated spellings in `script/long properties`."""
    chance = random.Random(14)
    for _ in range(counted(suite=2_000, long=100_000)):
        name, key = chance.choice(OF_ONE_DRUG)
        variant = _variant(name, chance)
        assert fold(variant) == fold(name), (name, variant)
        assert find(variant) == key, (name, variant)


def test_no_name_names_two_drugs() -> None:
    """Raises where it does; and as many folded names as the table says for its own rows."""
    assert len(keys_by_name()) > 4_700
