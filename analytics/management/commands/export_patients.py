import os
import shutil
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts.models import Clinic, User
from analytics.models import ExportKind, ExportShape
from analytics.services.exports import export_patients


class Command(BaseCommand):
    help = "Export the patients of a clinic of any size, by the rights and in the name of an administrator."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--clinic", required=True, help="its name")
        parser.add_argument("--kind", required=True, choices=ExportKind.values)
        parser.add_argument("--shape", required=True, choices=ExportShape.values)
        parser.add_argument("--reason", required=True, help="for whom and for what; it is kept")
        parser.add_argument("--by", required=True, help="the user name of the administrator who asked")
        parser.add_argument("--to", required=True, help="the file, which must not be there yet")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            target = os.open(options["to"], os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise CommandError(f"{options['to']}: {error.strerror}") from error
        try:
            with os.fdopen(target, "wb") as file:
                told = self._export(file, options)
        except BaseException:
            Path(options["to"]).unlink()
            raise
        self.stdout.write(told)

    def _export(self, file: Any, options: dict[str, Any]) -> str:
        try:
            export, made = export_patients(
                clinic=Clinic.objects.get(name=options["clinic"]),
                kind=ExportKind(options["kind"]),
                shape=ExportShape(options["shape"]),
                reason=options["reason"],
                by=User.objects.get(username=options["by"], is_active=True),
            )
        except (Clinic.DoesNotExist, User.DoesNotExist) as error:
            raise CommandError(str(error)) from error
        except PermissionDenied as error:
            raise CommandError(f"{options['by']} has no right to that.") from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        with made:
            shutil.copyfileobj(made, file)
        return f"Export {export.pk}: {export.patients} patients, {export.rows} rows, sha256 {export.sha256}"
