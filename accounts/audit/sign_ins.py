"""Sign-ins and refused sign-ins of the people of the reader's clinics, as django-axes keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from axes.models import AccessFailureLog, AccessLog
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.audit.reading import Audit, AuditLine, AuditRequest, AuditRow, AuditSource
from accounts.models import User
from accounts.templatetags.frame import clinic_time

SIGNED_IN, REFUSED = "signed_in", "refused"


def _sources(reader: User, asked: AuditRequest) -> list[AuditSource]:
    people = User.objects.administered_by(reader)
    if asked.person is not None:
        people = people.filter(pk=asked.person)
    names = list(people.values_list("username", flat=True))
    tables: dict[str, Any] = {SIGNED_IN: AccessLog, REFUSED: AccessFailureLog}
    return [
        AuditSource(kind, model.objects.filter(username__in=names), "attempt_time")
        for kind, model in tables.items()
        if asked.kind in ("", kind)
    ]


def _lines(_reader: User, found: Sequence[AuditRow]) -> list[AuditLine]:
    return [
        AuditLine(at, (row.username, _what(source, row), row.ip_address or "", _until(row)))
        for at, source, _key, row in found
    ]


def _what(source: str, row: Any) -> str:
    if source == SIGNED_IN:
        return gettext("signed in")
    return gettext("refused, and locked out") if row.locked_out else gettext("refused: wrong password")


def _until(row: Any) -> str:
    left = getattr(row, "logout_time", None)
    return clinic_time(left)


SIGN_INS = Audit(
    name="audit_sign_ins",
    title=_("Sign-ins"),
    help=_(
        "Sign-ins and refused sign-ins with the names of people of your clinics. Tries with names that "
        "nobody has are not shown: they are often passwords typed into the wrong field."
    ),
    columns=(_("Name"), _("What"), _("Address"), _("Signed out")),
    kinds=((SIGNED_IN, _("signed in")), (REFUSED, _("refused"))),
    sources=_sources,
    lines=_lines,
)
