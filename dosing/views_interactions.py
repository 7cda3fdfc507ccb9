"""The interaction table as the rules use it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access import with_right
from accounts.models import User
from accounts.rights import Right
from dosing.interaction_table import rows
from dosing.rules.interactions import TABLE_DATE


@with_right(Right.VIEW_RECORD)
def interaction_table(request: HttpRequest, _reader: User) -> HttpResponse:
    """Every class with its drugs, what it does, what to do, and where that comes from."""
    return render(request, "dosing/interaction_table.html", {"rows": rows(), "table_date": TABLE_DATE})
