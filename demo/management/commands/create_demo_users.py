from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.models import Clinic, Role, User
from accounts.services import create_user

PASSWORD = "demonstration"  # noqa: S105 - refused outside a demonstration
DEMONSTRATION_CLINIC = "Demonstration clinic"
STUDY_CLINIC = "Study cohort 2009–2012 (reconstructed)"
SECOND_CLINIC = "Second clinic"
PEOPLE = (
    ("doctor", Role.RHEUMATOLOGIST, (DEMONSTRATION_CLINIC, STUDY_CLINIC)),
    ("nurse", Role.NURSE, (DEMONSTRATION_CLINIC, STUDY_CLINIC)),
    ("admin", Role.ADMINISTRATOR, (DEMONSTRATION_CLINIC, STUDY_CLINIC)),
    ("doctor2", Role.RHEUMATOLOGIST, (SECOND_CLINIC,)),
)


class Command(BaseCommand):
    help = "One user per role, for demonstrations only."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError("Demonstration users exist only in a demonstration.")
        for username, role, names in PEOPLE:
            clinics = [Clinic.objects.get_or_create(name=name)[0] for name in names]
            if not User.objects.filter(username=username).exists():
                create_user(
                    username=username, password=PASSWORD, role=role, clinics=clinics, check_password=False
                )
            self.stdout.write(f"  {username:<8} {PASSWORD}  {role.label}, {', '.join(names)}")
