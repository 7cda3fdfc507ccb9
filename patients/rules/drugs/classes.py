"""The classes that rules ask for. A combination belongs to the class of each of its parts."""

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

CLASSES = frozenset(
    {
        STEROID,
        IMMUNOSUPPRESSANT,
        CALCINEURIN_INHIBITOR,
        MTOR_INHIBITOR,
        POTASSIUM_SPARING,
        SELECTIVE_MRA,
        POTASSIUM_RAISING,
        RAAS_INHIBITOR,
        CONTRAINDICATED_ENDOTHELIN_ANTAGONIST,
        STRONG_INHIBITOR,
        MODERATE_INHIBITOR,
        WEAK_INHIBITOR,
        INDUCER,
        STATIN,
        FIBRATE,
        NSAID,
        NEPHROTOXIC,
        QT_PROLONGING,
        MYOTOXIC,
        ANTIMALARIAL,
        PNEUMOCYSTIS_PROPHYLAXIS,
        GLUCOSE_LOWERING,
    }
)
