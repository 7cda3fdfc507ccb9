"""The page of patient-level exports: ask for one, and see who took which."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.access import FORM_METHODS, with_right
from accounts.models import User
from accounts.rights import Right
from analytics.forms.exports import ExportForm
from analytics.models import DataExport
from analytics.services.exports import export_patients

PAGE = 25
FULL_DISK = 507


@with_right(Right.EXPORT_COHORT, methods=FORM_METHODS)
def exports(request: HttpRequest, reader: User) -> HttpResponseBase:
    """The form and the list of past exports, ?page=; a POST answers with the zip."""
    form = ExportForm(reader, request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            export, file = export_patients(by=reader, **form.order())
        except ValidationError as error:
            form.take_errors(error)
        except OSError:
            status = FULL_DISK
            form.add_error(
                None, _("The file could not be written: the disk refused it. Nothing was exported.")
            )
        else:
            return _download(export, file)
    rows = Paginator(DataExport.objects.visible_to(reader), PAGE).get_page(request.GET.get("page"))
    return render(request, "analytics/exports.html", {"form": form, "rows": rows, "q": ""}, status=status)


def _download(export: DataExport, file: object) -> FileResponse:
    response = FileResponse(
        file, as_attachment=True, filename=export.filename, content_type="application/zip"
    )
    response["Content-Length"] = str(export.bytes)
    response["Cache-Control"] = "no-store"
    return response
