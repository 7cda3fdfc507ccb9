"""Changes of users, clinics and settings, and who took audit rows or data out of the application."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.audit.reading import Audit, AuditLine, AuditRequest, AuditRow, AuditSource
from accounts.models import AuditExport, Clinic, ClinicSettings, User

USER, CLINIC, SETTINGS, EXPORT = "user", "clinic", "settings", "export"
KINDS = ((USER, _("users")), (CLINIC, _("clinics")), (SETTINGS, _("settings")), (EXPORT, _("exports")))
# What was taken out: a page of the audit, or data of patients.
SUBJECTS = {
    "audit_accounts": _("users, clinics and settings"),
    "audit_sign_ins": _("sign-ins"),
    "audit_views": _("views of records"),
    "audit_changes": _("changes of records"),
    "data_identified": _("patients' data, identified"),
    "data_de_identified": _("patients' data, de-identified"),
    "cohort_report": _("a file of a cohort report"),
}
USER_FIELDS = ("username", "first_name", "last_name", "role", "is_active", "must_change_password")
# As django-simple-history names the clinics of a version.
MEMBERSHIPS = "historicaluser_clinics_set"
CLINIC_FIELDS = ("name", "time_zone")

Versions = dict[tuple[str, int], Any]


def _sources(reader: User, asked: AuditRequest) -> list[AuditSource]:
    clinics = reader.own_clinics
    histories: dict[str, Any] = {
        USER: User.history.filter(id__in=_ever_of(clinics)).prefetch_related(MEMBERSHIPS),
        CLINIC: Clinic.history.filter(id__in=[clinic.pk for clinic in clinics]),
        SETTINGS: ClinicSettings.history.filter(clinic__in=clinics),
    }
    of_lists = Q(clinic__isnull=True, by__in=User.objects.administered_by(reader))
    exports = AuditExport.objects.filter(of_lists | Q(clinic__in=clinics))
    if asked.person is not None:
        exports = exports.filter(by=asked.person)
        histories = {name: rows.filter(history_user=asked.person) for name, rows in histories.items()}
    found = [AuditSource(name, rows, "history_date", "history_id") for name, rows in histories.items()]
    return [each for each in (*found, AuditSource(EXPORT, exports, "at")) if asked.kind in ("", each.name)]


def _ever_of(clinics: Sequence[Clinic]) -> Any:
    """Who belongs to one of the clinics, or ever did."""
    versions = User.history.filter(historicaluser_clinics__clinic__in=clinics).values("id")
    return User.objects.filter(Q(clinics__in=clinics) | Q(pk__in=versions)).values("pk")


def _lines(reader: User, found: Sequence[AuditRow]) -> list[AuditLine]:
    before = _versions_before(found)
    writers = User.objects.in_bulk({_writer(each) for each in found} - {None})
    told = (_line(reader, each, before, writers) for each in found)
    return [line for line in told if line is not None]


def _line(reader: User, found: AuditRow, before: Versions, writers: dict[int, User]) -> AuditLine | None:
    row, earlier = found.row, before.get((found.source, found.key))
    writer = writers.get(_writer(found) or 0)
    who = _person(writer) if writer else gettext("TACSLE")
    if found.source == EXPORT:
        asked = ", ".join(f"{name}: {value}" for name, value in row.asked.items() if name != "reason")
        subject = str(SUBJECTS.get(row.subject, row.subject))
        return AuditLine(found.at, (who, gettext("export"), subject, asked, row.asked.get("reason", "")))
    told = {USER: _user, CLINIC: _clinic, SETTINGS: _settings}[found.source](reader, row, earlier)
    if told is None:
        return None
    about, what = told
    return AuditLine(
        found.at, (who, str(dict(KINDS)[found.source]), about, what, row.history_change_reason or "")
    )


def _user(reader: User, row: Any, earlier: Any) -> tuple[str, str] | None:
    """None for a version from a time when they belonged to none of the reader's clinics."""
    belongs, belonged = _own_names(reader, row), _own_names(reader, earlier)
    if row.history_type == "+":
        return row.username, gettext("let in as %(role)s") % {"role": row.get_role_display()}
    if not belongs and not belonged:
        return None
    changes = _changes(row, earlier, USER_FIELDS)
    if belongs != belonged:
        changes.append(_change(gettext("clinics"), ", ".join(belonged), ", ".join(belongs)))
    if earlier is not None and row.sessions_ended != earlier.sessions_ended:
        changes.append(gettext("all sessions ended"))
    return row.username, "; ".join(changes) or gettext("unlocked after wrong passwords")


def _clinic(_reader: User, row: Any, earlier: Any) -> tuple[str, str]:
    return row.name, "; ".join(_changes(row, earlier, CLINIC_FIELDS)) or gettext("founded")


def _settings(reader: User, row: Any, _earlier: Any) -> tuple[str, str]:
    clinic = next((clinic.name for clinic in reader.own_clinics if clinic.pk == row.clinic_id), "")
    about = gettext("%(clinic)s, version %(n)s") % {"clinic": clinic, "n": row.version}
    day = {"state": row.get_state_display(), "day": date_format(row.effective_from, "j M Y")}
    return about, gettext("%(state)s, in force from %(day)s") % day


def _changes(row: Any, earlier: Any, names: Sequence[str]) -> list[str]:
    if earlier is None:
        return []
    fields = [row._meta.get_field(name) for name in names]
    return [
        _change(str(field.verbose_name), _format_field(earlier, field.name), _format_field(row, field.name))
        for field in fields
        if getattr(row, field.name) != getattr(earlier, field.name)
    ]


def _change(label: str, old: str, new: str) -> str:
    return f"{label}: {old or '–'} → {new or '–'}"


def _format_field(row: Any, name: str) -> str:
    value = getattr(row, name)
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return str(getattr(row, f"get_{name}_display", lambda: value)())


def _own_names(reader: User, row: Any) -> list[str]:
    if row is None:
        return []
    kept = {clinic.clinic_id for clinic in getattr(row, MEMBERSHIPS).all()}
    return [clinic.name for clinic in reader.own_clinics if clinic.pk in kept]


def _versions_before(found: Sequence[AuditRow]) -> Versions:
    """The version before each, by table and key; all versions of the same rows are read along."""
    keys: dict[str, set[int]] = defaultdict(set)
    for each in found:
        if each.source in (USER, CLINIC):
            keys[each.source].add(each.row.id)
    before: Versions = {}
    for name, model in ((USER, User), (CLINIC, Clinic)):
        earlier = None
        for row in _versions(model, keys[name]):
            before[name, row.history_id] = earlier if earlier is not None and earlier.id == row.id else None
            earlier = row
    return before


def _versions(model: Any, keys: set[int]) -> Any:
    rows = model.history.filter(id__in=keys).order_by("id", "history_date", "history_id")
    return rows.prefetch_related(MEMBERSHIPS) if model is User else rows


def _writer(found: AuditRow) -> int | None:
    key: int | None = found.row.by_id if found.source == EXPORT else found.row.history_user_id
    return key


def _person(user: User) -> str:
    return user.get_full_name() or user.get_username()


ACCOUNTS = Audit(
    name="audit_accounts",
    title=_("Users, clinics and settings"),
    help=_("Who let people in, changed, unlocked or deactivated them, changed clinics and settings, and who "
           "exported audit lists or data of patients."),
    columns=(_("Who"), _("Kind"), _("About"), _("What"), _("Why")),
    kinds=KINDS,
    sources=_sources,
    lines=_lines,
)  # fmt: skip
