"""The 24 SLEDAI-2K answers of a visit: yes, no, or null for not assessed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from patients.rules.thresholds import SLEDAI_2K


class SledaiAnswers(models.Model):
    """One column an item, named sledai_ and the code in patients.rules.sledai."""

    sledai_window_days = models.PositiveSmallIntegerField(
        _("SLEDAI window, days"), default=SLEDAI_2K.window_days
    )
    sledai_seizure = models.BooleanField(_("seizure"), null=True, blank=True)
    sledai_psychosis = models.BooleanField(_("psychosis"), null=True, blank=True)
    sledai_organic_brain_syndrome = models.BooleanField(_("organic brain syndrome"), null=True, blank=True)
    sledai_visual = models.BooleanField(_("visual disturbance"), null=True, blank=True)
    sledai_cranial_nerve = models.BooleanField(_("cranial nerve disorder"), null=True, blank=True)
    sledai_lupus_headache = models.BooleanField(_("lupus headache"), null=True, blank=True)
    sledai_cerebrovascular_accident = models.BooleanField(_("stroke"), null=True, blank=True)
    sledai_vasculitis = models.BooleanField(_("vasculitis"), null=True, blank=True)
    sledai_arthritis = models.BooleanField(_("arthritis"), null=True, blank=True)
    sledai_myositis = models.BooleanField(_("myositis"), null=True, blank=True)
    sledai_casts = models.BooleanField(_("urinary casts"), null=True, blank=True)
    sledai_haematuria = models.BooleanField(_("haematuria"), null=True, blank=True)
    sledai_proteinuria = models.BooleanField(_("proteinuria"), null=True, blank=True)
    sledai_pyuria = models.BooleanField(_("pyuria"), null=True, blank=True)
    sledai_rash = models.BooleanField(_("rash"), null=True, blank=True)
    sledai_alopecia = models.BooleanField(_("alopecia"), null=True, blank=True)
    sledai_mucosal_ulcers = models.BooleanField(_("mucosal ulcers"), null=True, blank=True)
    sledai_pleurisy = models.BooleanField(_("pleurisy"), null=True, blank=True)
    sledai_pericarditis = models.BooleanField(_("pericarditis"), null=True, blank=True)
    sledai_low_complement = models.BooleanField(_("low complement"), null=True, blank=True)
    sledai_dna_binding = models.BooleanField(_("raised DNA binding"), null=True, blank=True)
    sledai_fever = models.BooleanField(_("fever"), null=True, blank=True)
    sledai_thrombocytopenia = models.BooleanField(_("thrombocytopenia"), null=True, blank=True)
    sledai_leukopenia = models.BooleanField(_("leukopenia"), null=True, blank=True)
    new_or_recurrent_rash = models.BooleanField(_("rash is new or recurrent"), null=True, blank=True)
    new_or_recurrent_alopecia = models.BooleanField(_("alopecia is new or recurrent"), null=True, blank=True)
    new_or_recurrent_mucosal_ulcers = models.BooleanField(
        _("mucosal ulcers is new or recurrent"), null=True, blank=True
    )
    new_or_recurrent_proteinuria = models.BooleanField(
        _("proteinuria is new or recurrent"), null=True, blank=True
    )

    class Meta:
        abstract = True
