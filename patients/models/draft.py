"""What somebody is typing: no fact. No rule sees it, it has no history, and only its writer reads it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.models import User


class DraftQuerySet(models.QuerySet):
    """Reads of drafts; everything shown to a person starts with `unfinished_of`."""

    def unfinished_of(self, user: User) -> Self:
        """Their own drafts that led to no saved form, of patients they may still see; the newest first."""
        visible = Q(patient__isnull=True) | Q(patient__clinic__in=user.clinics.all())
        own = self.filter(visible, user=user, finished_at__isnull=True)
        return own.select_related("patient").order_by("-saved_at")

    def being_typed(self, path: str, since: datetime) -> Self:
        """Unfinished drafts of one form, by anybody, that changed after `since`."""
        return self.filter(path=path, finished_at__isnull=True, saved_at__gt=since).select_related("user")


class Draft(models.Model):
    """One form as far as it is typed, under the form's own key (its submission).

    Two tabs have two keys and so two drafts: neither writes over the other. A finished draft keeps its key,
    without what was typed, so that going back to its form finds that it was saved.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="drafts")
    key = models.UUIDField()
    patient = models.ForeignKey(
        "patients.Patient", on_delete=models.PROTECT, null=True, related_name="drafts"
    )
    view_name = models.CharField(max_length=80)
    path = models.CharField(max_length=300)
    fields = models.JSONField(_("what was typed, by field"), default=dict)
    typed_at_ms = models.BigIntegerField(_("the browser's clock at the last key, ms"), default=0)
    started_at = models.DateTimeField(auto_now_add=True)
    saved_at = models.DateTimeField(auto_now=True)
    finished_at = models.DateTimeField(null=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="draft_key_unique_for_user"),
            models.CheckConstraint(
                name="draft_finished_is_empty",
                condition=Q(finished_at__isnull=True) | Q(fields={}),
            ),
        ]
        indexes = [
            models.Index(
                fields=["user", "-saved_at"],
                condition=Q(finished_at__isnull=True),
                name="draft_unfinished_of_user",
            ),
            models.Index(
                fields=["path", "-saved_at"],
                condition=Q(finished_at__isnull=True),
                name="draft_unfinished_of_form",
            ),
        ]
