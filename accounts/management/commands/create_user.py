import sys
from getpass import getpass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.models import Clinic, Role
from accounts.services import create_user


class Command(BaseCommand):
    help = (
        "Create a person who may sign in; the clinic is made when it is new. "
        "The password is asked for, or read from standard input."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--username", required=True)
        parser.add_argument("--role", required=True, choices=Role.values)
        parser.add_argument("--clinic", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        # Asked for first: the database is not locked while a person types.
        password = _password()
        try:
            _create(options["username"], password, Role(options["role"]), options["clinic"])
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{options['username']} may sign in.")


@transaction.atomic
def _create(username: str, password: str, role: Role, clinic_name: str) -> None:
    clinic, _created = Clinic.objects.get_or_create(name=clinic_name)
    create_user(username=username, password=password, role=role, clinics=[clinic])


def _password() -> str:
    """Asked for without showing it, or the first line of what is piped in."""
    return getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
