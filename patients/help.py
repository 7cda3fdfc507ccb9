"""What is explained beside the question it belongs to: in words, with the source where a rule has one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from patients.messages import sentence
from patients.rules.sledai import ITEMS
from patients.rules.verdict import say

SLEDAI_ITEMS = {item.code: item for item in ITEMS}


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
                "Type the result as the laboratory printed it and choose its unit; it is converted, never "
                "guessed. “<2” and “>200” are kept as they are: they say that the result lies beyond what "
                "the method can measure. Use a point for decimals. A value that cannot be is refused, an "
                "unusual one is asked about."
            ),
        ),
        "level_timing": Topic(
            _("Hours after the dose"),
            _(
                "The range holds for morning levels, 10 to 16 hours after the dose before. A level drawn "
                "earlier or later is kept and shown, but not called low or in range: after 24 hours it is "
                "lower by a third or more at the same dose. From 15 ng/ml a level is urgent and from "
                "20 ng/ml the next dose is held, whenever it was drawn. So the times of the last dose and "
                "of the draw are needed; leave the dose empty when nobody knows it, and never guess."
            ),
            _("Clinical specification 4.1; target 5–10 ng/ml from the study"),
        ),
        "forecast": Topic(
            _("The forecast"),
            _(
                "Two ways to say the next level. Proportion: level divided by dose, as before, times the "
                "dose. The model: what is known of many patients, bent towards this one by each measured "
                "level; it takes prednisolone, haematocrit and other drugs into account and says how sure"
                " it is. “In 90 of 100 patients like this one” means that 10 would still measure "
                "something else. With fewer than four levels the model is not shown to be better; with "
                "four it came, in simulation, as near as the mean of four by dose and nearer than the "
                "last level by dose. It adds the chances, and what changes beside the dose. Neither "
                "decides: the rules, the patient and you do."
            ),
            _("Simulation of 120 patients for this project; model: see “The model” on the page"),
        ),
        "limits": Topic(
            _("Limits"),
            _(
                "The laboratory's own limits for this result go first, then those of its assay, then the "
                "general range of the catalogue. “Low” and “high” are said only where they are certain."
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
        "adverse_event": Topic(
            _("Adverse events"),
            _(
                "Anybody who cares for the patient reports what happened; a doctor completes and confirms "
                "it. The CTCAE grade says how severe it is, 1 to 5; serious says what it led to (death, "
                "danger to life, hospital, lasting harm), and the two are kept apart. The level, the doses "
                "and the other drugs of the time are filled in from the record and kept with the event."
            ),
            _("CTCAE v5.0; serious after ICH E2A"),
        ),
        "interaction": Topic(
            _("Safety on tacrolimus"),
            _(
                "Signals are what levels, results and visits raise now. Other drugs are looked up in one "
                "table by their name; a drug in free text leaves the check open. The calendar shows the "
                "control that can be done now: what is recorded counts, nothing is ticked off."
            ),
            _("This project's table, signals and calendar, after the label and the study"),
        ),
        "taper": Topic(
            _("Taper of prednisolone"),
            _(
                "A doctor plans how much and how often, down to a goal. A step may be taken when its time is "
                "over, nothing got worse, C3 and urine protein hold, tacrolimus is taken, no infection or "
                "stress is there, and the results of the last four weeks are there. Otherwise it waits, and "
                "every reason is listed. Nothing is ever raised, and 0 mg is never proposed, by the rules."
            ),
            _("This project's table, after published schedules; the study gives none"),
        ),
        "causality": Topic(
            _("Did tacrolimus cause it?"),
            _(
                "Two ways that need not agree. WHO-UMC: choose the category whose criteria are reasonably "
                "met. Naranjo: ten questions, each answered yes, no or unknown; the sum is computed. Neither "
                "looks at how high the level was: both patients of the study had a level within the range."
            ),
            _("WHO-UMC causality categories; Naranjo 1981"),
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
                "to SLE and reversible, and present within the window of the visit, usually 30 days. While "
                "items are not assessed the total is a range: the lowest and the highest it can still be."
            ),
            _("SLEDAI-2K, Gladman 2002"),
        ),
    }
)


def sledai_topic(code: str, window_days: int = 30) -> Topic:
    """One SLEDAI item: its definition, its weight and when it counts."""
    item = SLEDAI_ITEMS[code]
    points = ngettext("%(n)s point", "%(n)s points", item.weight) % {"n": item.weight}
    counts = gettext("%(points)s, when due to SLE, reversible and present in the last %(days)s days.")
    words = {"points": points, "days": window_days}
    return Topic(
        sentence(say(item.label)), f"{gettext(item.definition)} {counts % words}", gettext(item.source)
    )
