"""How the paper's own inconsistencies are read here (specification 1.4)."""

from __future__ import annotations

from django.utils.translation import gettext as _


def contradictions() -> tuple[str, ...]:
    """One sentence for each that touches a figure of the report."""
    return (
        _("The abstract says that 28 patients received tacrolimus: 38 did, and 28 are the responders."),
        _("38 patients count for safety, 37 for what is compared: one stopped for rhabdomyolysis."),
        _("Two are said to have discontinued, then one: one stopped, and one was reduced and went on."),
        _(
            "28 responders and 8 non-responders are 36. By the rule 28 respond and 10 do not: the"
            " published 8 are those 10 without the two patients with an adverse event. One of them stopped"
            " tacrolimus; the SLEDAI of the other did not fall. The denominator here is 38."
        ),
        _("Prednisolone at entry is 11.7 mg/day in the text and 11.5 in figure 1: 11.7 is used."),
        _("“PSL <5 g/day” means mg/day. A caption that names eight patients is a leftover."),
        _("28 of 38 is printed as 73.6 % and as 73.7 %: 73.7 % is right."),
        _("Starting doses of 2.80 ± 0.65 mg in 38 patients need half milligrams."),
        _(
            "The p-values of urine protein (0.47) and anti-dsDNA (<0.001) cannot come from a paired t-test"
            " with the published means and deviations: the Wilcoxon signed-rank test gives them."
        ),
        _("The deviation of C3 at entry is 21.8 in the paper and 21.9 in abstracts: 21.8 is used."),
        _(
            "Major organ disease was excluded although half had renal involvement: that is read as now or"
            " in the past."
        ),
        _("Creatinine rose with p = 0.038 while eGFR fell with p = 0.055: both are reported."),
    )
