"""Model fields: a date known only in part, and a key made from other columns of the row."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from patients.rules.dates import PartialDate


class PartialDateField(models.CharField):
    """Keeps a PartialDate as "2019", "2019-04" or "2019-04-30"; None when unknown."""

    _pyi_private_set_type: PartialDate | str  # type: ignore[assignment]
    _pyi_private_get_type: PartialDate  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = len("2019-04-30")
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"]
        return name, path, args, kwargs

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> PartialDate | None:
        return PartialDate.parse(value) if value else None

    def to_python(self, value: Any) -> PartialDate | None:
        if value is None or value == "" or isinstance(value, PartialDate):
            return value or None
        try:
            return PartialDate.parse(str(value))
        except ValueError as error:
            raise ValidationError(
                _("Write a year, a month or a day: 2019, 2019-04 or 2019-04-30.")
            ) from error

    def get_prep_value(self, value: Any) -> str | None:
        known = self.to_python(value)
        return None if known is None else str(known)

    def value_to_string(self, obj: models.Model) -> str:
        return self.get_prep_value(self.value_from_object(obj)) or ""

    def run_validators(self, value: Any) -> None:
        super().run_validators(str(value) if value is not None else value)


class DerivedKeyField(models.CharField):
    """A text that is made anew from the row at each save, in bulk too: never typed, never out of step.

    derive: a function of a module, which migrations can name.
    """

    def __init__(self, *args: Any, derive: Callable[[Any], str], **kwargs: Any) -> None:
        self.derive = derive
        super().__init__(*args, **{**kwargs, "editable": False, "default": ""})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["editable"], kwargs["default"]
        return name, path, args, {**kwargs, "derive": self.derive}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        key = self.derive(model_instance)
        setattr(model_instance, self.attname, key)
        return key
