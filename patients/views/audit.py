"""The audits of records, for administrators."""

from __future__ import annotations

from accounts.views.audit import audit_export, audit_page
from patients.audit import changes_audit, views_audit

views, export_views = audit_page(views_audit), audit_export(views_audit)
changes, export_changes = audit_page(changes_audit), audit_export(changes_audit)
