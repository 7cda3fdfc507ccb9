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
    }
)
