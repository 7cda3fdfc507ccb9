"""Audits of records for administrators: who viewed them, who changed them. A patient is a number here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.audit import Audit, AuditLine, AuditRequest, AuditRow, AuditSource
from accounts.models import User
from patients.history import HistoryTable
from patients.history.every_kind import audited
from patients.history.words import person
from patients.models import Patient, RecordView
from patients.pages import page_in_words

# What tells which act a version is, besides who, when and why.
SIGNS = ("voided_at", "signed_at")


def _views(reader: User, asked: AuditRequest) -> list[AuditSource]:
    rows = RecordView.objects.filter(patient__clinic__in=reader.own_clinics)
    if asked.patient:
        rows = rows.filter(patient__in=_numbered(reader, asked.patient))
    if asked.person is not None:
        rows = rows.filter(user=asked.person)
    return [AuditSource("view", rows.values("id", "at", "page", "user_id", "patient_id"), "at")]


def _view_lines(_reader: User, found: Sequence[AuditRow]) -> list[AuditLine]:
    people, numbers = _people(each.row["user_id"] for each in found), _numbers(found, "patient_id")
    return [
        AuditLine(
            at, (*_named(people, row["user_id"]), numbers[row["patient_id"]], page_in_words(row["page"]))
        )
        for at, _source, _key, row in found
    ]


def _changes(reader: User, asked: AuditRequest) -> list[AuditSource]:
    chosen = [kind for kind in audited().values() if asked.kind in ("", kind.name)]
    return [_versions(kind, reader, asked) for kind in chosen]


def _versions(kind: HistoryTable, reader: User, asked: AuditRequest) -> AuditSource:
    """The stored versions of one table, without what they say."""
    clinic = "clinic" if kind.model is Patient else "patient__clinic"
    rows = kind.versions.filter(**{f"{clinic}__in": reader.own_clinics})
    if asked.patient:
        rows = rows.filter(**{f"{kind.patient_column}__in": _numbered(reader, asked.patient)})
    if asked.person is not None:
        rows = rows.filter(history_user=asked.person)
    columns = {field.name for field in kind.model._meta.concrete_fields}
    return AuditSource(
        kind.name,
        rows.values(
            "history_id", "history_date", "history_type", "history_user_id", "history_change_reason",
            kind.patient_column, *(name for name in SIGNS if name in columns),
        ),
        "history_date",
        "history_id",
    )  # fmt: skip


def _change_lines(_reader: User, found: Sequence[AuditRow]) -> list[AuditLine]:
    kinds = audited()
    people = _people(each.row["history_user_id"] for each in found)
    numbers = {
        **_numbers([each for each in found if "patient_id" in each.row], "patient_id"),
        **_numbers([each for each in found if "patient_id" not in each.row], "id"),
    }
    return [
        AuditLine(
            at,
            (
                *_named(people, row["history_user_id"]),
                numbers[row["patient_id" if "patient_id" in row else "id"]],
                str(kinds[source].label),
                _act(row),
                row["history_change_reason"] or "",
            ),
        )
        for at, source, _key, row in found
    ]


def _act(row: dict[str, Any]) -> str:
    """Signing needs no reason, amending does; what is void is not changed any more."""
    if row["history_type"] == "+":
        return gettext("entered")
    if row.get("voided_at"):
        return gettext("marked as entered in error")
    if row.get("signed_at"):
        return gettext("amended") if row["history_change_reason"] else gettext("signed")
    return gettext("changed")


def _numbered(reader: User, number: str) -> list[int]:
    """Keys of the patients of the reader's clinics with this number."""
    rows = Patient.objects.visible_to(reader).numbered(number)
    return list(rows.values_list("pk", flat=True))


def _numbers(found: Iterable[AuditRow], column: str) -> dict[int, str]:
    """The numbers of the patients of the rows, as they are now."""
    keys = {each.row[column] for each in found}
    return {
        key: f"#{number}" for key, number in Patient.objects.filter(pk__in=keys).values_list("pk", "number")
    }


def _people(keys: Iterable[int | None]) -> dict[int, User]:
    return User.objects.in_bulk({key for key in keys if key is not None})


def _named(people: dict[int, User], key: int | None) -> tuple[str, str]:
    """Name and role; what no person wrote, the application did."""
    user = people.get(key or 0)
    return (person(user), user.get_role_display()) if user else (gettext("TACSLE"), "")


def views_audit() -> Audit:
    return Audit(
        name="audit_views",
        title=_("Views of records"),
        help=_("Who opened which page of which record. A patient is a number here."),
        columns=(_("Who"), _("Role"), _("Patient"), _("Page")),
        kinds=(),
        sources=_views,
        lines=_view_lines,
        by_patient=True,
    )


def changes_audit() -> Audit:
    return Audit(
        name="audit_changes",
        title=_("Changes of records"),
        help=_(
            "Who wrote what kind of fact of which record, and why; what it says is for doctors and nurses."
        ),
        columns=(_("Who"), _("Role"), _("Patient"), _("Kind"), _("What"), _("Why")),
        kinds=tuple((kind.name, kind.label) for kind in audited().values()),
        sources=_changes,
        lines=_change_lines,
        by_patient=True,
    )
