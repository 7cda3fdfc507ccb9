"""Tacrolimus levels are recorded here; the rules that judge them come with their page."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from dosing.models import TacrolimusLevel
from patients.services import writing
from patients.services.checks import check_moment

if TYPE_CHECKING:
    from accounts.models import User


def record_level(*, level: TacrolimusLevel, by: User, submission: UUID | None = None) -> TacrolimusLevel:
    """Save a level with its draw and the dose before it. Raises ValidationError by field."""
    check_moment(level.patient, "drawn_at", level.drawn_at)
    if level.value_ng_ml <= 0:
        raise ValidationError({"value_ng_ml": _("A level is above 0 ng/ml; write <1.5 for “below 1.5”.")})
    if level.last_dose_at is not None and level.drawn_at <= level.last_dose_at:
        raise ValidationError({"drawn_at": _("The draw must come after the last dose.")})
    return writing.insert(level, by=by, submission=submission)
