"""Which coded reasons each decision offers."""

from collections.abc import Mapping
from types import MappingProxyType

from dosing.models import DecisionKind, ReasonCode

REASONS: Mapping[str, tuple[ReasonCode, ...]] = MappingProxyType(
    {
        DecisionKind.START: (
            ReasonCode.CLINICAL_JUDGEMENT,
            ReasonCode.INFORMATION_ELSEWHERE,
            ReasonCode.SPECIALIST_ADVICE,
            ReasonCode.STUDY_ENROLMENT,
            ReasonCode.OTHER,
        ),
        DecisionKind.NOT_NOW: (
            ReasonCode.REPEAT_FIRST,
            ReasonCode.PATIENT_PREFERS_TO_WAIT,
            ReasonCode.INTERCURRENT_ILLNESS,
            ReasonCode.OTHER_TREATMENT,
            ReasonCode.OTHER,
        ),
        DecisionKind.NOT_SUITABLE: (
            ReasonCode.PATIENT_DECLINES,
            ReasonCode.PREVIOUS_INTOLERANCE,
            ReasonCode.PREGNANCY_PLANS,
            ReasonCode.OTHER_TREATMENT,
            ReasonCode.OTHER,
        ),
        DecisionKind.CHANGE_DOSE: (
            ReasonCode.LEVEL_HIGH,
            ReasonCode.LEVEL_LOW,
            ReasonCode.SIDE_EFFECT,
            ReasonCode.KIDNEY,
            ReasonCode.NO_EFFECT,
            ReasonCode.GOOD_EFFECT,
            ReasonCode.INTERACTING_DRUG,
            ReasonCode.ANOTHER_PRODUCT,
            ReasonCode.SPECIALIST_ADVICE,
            ReasonCode.CLINICAL_JUDGEMENT,
            ReasonCode.PATIENT_WISH,
            ReasonCode.OTHER,
        ),
        DecisionKind.PAUSE: (
            ReasonCode.LEVEL_HIGH,
            ReasonCode.SIDE_EFFECT,
            ReasonCode.KIDNEY,
            ReasonCode.INFECTION,
            ReasonCode.OPERATION,
            ReasonCode.INTERACTING_DRUG,
            ReasonCode.PREGNANCY_PLANS,
            ReasonCode.PATIENT_WISH,
            ReasonCode.OTHER,
        ),
        DecisionKind.RESUME: (
            ReasonCode.PAUSE_OVER,
            ReasonCode.CLINICAL_JUDGEMENT,
            ReasonCode.INFORMATION_ELSEWHERE,
            ReasonCode.SPECIALIST_ADVICE,
            ReasonCode.PATIENT_WISH,
            ReasonCode.OTHER,
        ),
        DecisionKind.STOP: (
            ReasonCode.NO_EFFECT,
            ReasonCode.SIDE_EFFECT,
            ReasonCode.KIDNEY,
            ReasonCode.INFECTION,
            ReasonCode.INTERACTING_DRUG,
            ReasonCode.GOOD_EFFECT,
            ReasonCode.PREGNANCY_PLANS,
            ReasonCode.PATIENT_WISH,
            ReasonCode.OTHER_TREATMENT,
            ReasonCode.CARE_ELSEWHERE,
            ReasonCode.OTHER,
        ),
    }
)
