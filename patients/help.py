"""Explanations, shown next to the question that they explain, with the source where a rule has one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Topic:
    """An explanation. source is "" where the text says how this application works."""

    title: Any
    text: Any
    source: Any = ""


TOPICS: Mapping[str, Topic] = MappingProxyType(
    {
        "not_assessed": Topic(
            _("Not assessed"),
            _(
                "Nobody asked or looked. It is never counted as no: a rule that needs the answer says that "
                "it cannot tell and what is missing, and the SLEDAI total becomes a range. Choose “no” only "
                "where you asked or examined."
            ),
        ),
        "signing": Topic(
            _("Signing a visit"),
            _(
                "Only a signed visit counts for the rules. Signing locks it: later changes are amendments, "
                "need a reason, and both versions stay in the history. An unsigned visit can be changed "
                "freely, and no rule sees it."
            ),
        ),
        "entered_in_error": Topic(
            _("Entered in error"),
            _(
                "For what was never true of this patient: the wrong patient, the wrong tube, a value read "
                "from the wrong line. It stays in the history with your reason, no rule counts it any more, "
                "and the patient is judged again at once. What was true and has changed is not an error: "
                "enter the new fact instead."
            ),
        ),
        "drug_list_complete": Topic(
            _("Drug list complete"),
            _(
                "Somebody who knows says that no drug is missing from the list for so many days back: the "
                "patient, the drug book, the pharmacy. Without it nobody can tell whether an "
                "immunosuppressant was added, because a drug that is not on the list may still have been "
                "taken. Confirm it again at each visit."
            ),
        ),
        "units": Topic(
            _("Numbers, < and >, units"),
            _(
                "Type the result as the laboratory printed it, with its unit behind the number or chosen "
                "beside it: “21.3 ×10⁴/µl”, “45 g/l”. It is converted, never guessed, and shown with the "
                "digits and the unit of the laboratory. The list opens with the unit that was last used for "
                "this laboratory; a typed unit goes first, and two different ones are refused. “<2” and "
                "“>200” are kept as they are: they say that the result lies beyond what the method can "
                "measure; “5–9” cells in a field are kept as a range. Use a point for decimals. A value that "
                "cannot be is refused, an unusual one is asked about."
            ),
        ),
        "limits": Topic(
            _("Limits"),
            _(
                "The laboratory's own limits for this result go first, then those of its assay, then the "
                "general range of the catalogue. “Low” and “high” are said only where they are certain. "
                "What is known of an assay stands under “Laboratories and assays”."
            ),
        ),
        "during_infection": Topic(
            _("During an infection"),
            _(
                "Tick it when the patient had an infection on the day of the sample. C3 rises with "
                "inflammation, so such a C3 is kept and shown but not used to judge whether C3 is falling."
            ),
            _("Clinical specification 2.4: C3 is an acute-phase protein"),
        ),
        "sample": Topic(
            _("Fasting and haemolysed"),
            _(
                "Both are kept with the results that they bear on: fasting with glucose and triglycerides, "
                "haemolysed with potassium and LDH, which broken cells raise. A haemolysed potassium that is "
                "high counts as high; one that is not closes no alert and answers no question: repeat it."
            ),
            _("Second clinical specification, section 1: haemolysed opens, never closes"),
        ),
        "classification": Topic(
            _("Classification of SLE"),
            _(
                "ACR 1997: four or more of eleven criteria, at any time. EULAR/ACR 2019: ANA of 1:80 or "
                "more, then ten points or more with at least one clinical criterion; only the highest "
                "item of a domain counts. Either set is enough. “Every item was judged” lets the rules "
                "say that a set is not fulfilled; without it they cannot tell."
            ),
            _("ACR 1997 (Hochberg); EULAR/ACR 2019 (Aringer); the study used ACR 1997"),
        ),
        "statement": Topic(
            _("Unknown"),
            _(
                "“Unknown” says that you asked and nobody knows. It is kept with today's date and never "
                "counts as no."
            ),
        ),
        "sledai": Topic(
            _("SLEDAI-2K"),
            _(
                "Twenty-four items with fixed weights, 0 to 105 points. An item counts only when it is due "
                "to SLE and reversible, and present within the window of the visit. While "
                "items are not assessed the total is a range: the lowest and the highest it can still be."
            ),
            _("SLEDAI-2K, Gladman 2002"),
        ),
    }
)
