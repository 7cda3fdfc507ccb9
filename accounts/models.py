"""Users, clinics and roles."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class Clinic(models.Model):
    """A place of care: every patient belongs to one, every user to one or more."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="Asia/Tokyo")
    is_demonstration = models.BooleanField(_("only invented patients"), default=False)

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    RHEUMATOLOGIST = "rheumatologist", _("Rheumatologist")
    NURSE = "nurse", _("Nurse")
    ADMINISTRATOR = "administrator", _("Administrator")


class User(AbstractUser):
    """A person who signs in. The role says what they may do; the clinics say for whom."""

    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    clinics = models.ManyToManyField(Clinic, verbose_name=_("clinics"), related_name="users")
