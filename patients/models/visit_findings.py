"""What else was asked or found at a visit: organ findings, observations and vital signs."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class VisitFindings(models.Model):
    """organ_ columns are findings that SLEDAI lacks; observed_ columns are what patients report.

    Both are named by their codes in patients.rules.findings. Null: not asked or not examined.
    """

    organ_myocarditis = models.BooleanField(_("myocarditis"), null=True, blank=True)
    organ_interstitial_lung_disease = models.BooleanField(
        _("interstitial lung disease"), null=True, blank=True
    )
    organ_pulmonary_hypertension = models.BooleanField(_("pulmonary hypertension"), null=True, blank=True)
    organ_alveolar_haemorrhage = models.BooleanField(_("alveolar haemorrhage"), null=True, blank=True)
    organ_haemolytic_anaemia = models.BooleanField(_("haemolytic anaemia"), null=True, blank=True)
    organ_gut_vasculitis_or_pancreatitis = models.BooleanField(
        _("gut vasculitis or pancreatitis"), null=True, blank=True
    )
    organ_thrombotic_microangiopathy = models.BooleanField(
        _("thrombotic microangiopathy"), null=True, blank=True
    )
    observed_muscle_pain = models.BooleanField(_("muscle pain"), null=True, blank=True)
    observed_muscle_weakness = models.BooleanField(_("muscle weakness"), null=True, blank=True)
    observed_dark_urine = models.BooleanField(_("dark urine"), null=True, blank=True)
    observed_tremor = models.BooleanField(_("tremor"), null=True, blank=True)
    observed_visual_disturbance = models.BooleanField(_("visual disturbance"), null=True, blank=True)
    observed_confusion = models.BooleanField(_("confusion"), null=True, blank=True)
    observed_gastrointestinal_symptoms = models.BooleanField(
        _("gastrointestinal symptoms"), null=True, blank=True
    )
    observed_adrenal_symptoms = models.BooleanField(_("adrenal symptoms"), null=True, blank=True)
    observed_infection = models.BooleanField(_("infection"), null=True, blank=True)
    observed_serious_infection = models.BooleanField(_("serious infection"), null=True, blank=True)
    observed_hospital_stay = models.BooleanField(_("hospital stay"), null=True, blank=True)
    systolic_mm_hg = models.PositiveSmallIntegerField(_("systolic pressure, mmHg"), null=True, blank=True)
    diastolic_mm_hg = models.PositiveSmallIntegerField(_("diastolic pressure, mmHg"), null=True, blank=True)
    heart_rate_per_minute = models.PositiveSmallIntegerField(_("heart rate, /min"), null=True, blank=True)
    temperature_c = models.DecimalField(
        _("temperature now, °C"), max_digits=3, decimal_places=1, null=True, blank=True
    )
    weight_kg = models.DecimalField(_("weight, kg"), max_digits=4, decimal_places=1, null=True, blank=True)
    physician_global = models.DecimalField(
        _("physician's global, 0 to 3"), max_digits=2, decimal_places=1, null=True, blank=True
    )
    adherence_percent = models.PositiveSmallIntegerField(
        _("doses taken as prescribed, %"), null=True, blank=True
    )

    class Meta:
        abstract = True
