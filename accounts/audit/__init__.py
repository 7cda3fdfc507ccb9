"""What administrators read of what happened: newest first, filtered, page by page, and as CSV.

An audit names its tables as sources and tells their rows as lines; each app describes its own.
"""

from accounts.audit.reading import (
    Audit,
    AuditLine,
    AuditRequest,
    AuditRow,
    AuditSource,
    audit_lines,
    everything,
)

__all__ = ["Audit", "AuditLine", "AuditRequest", "AuditRow", "AuditSource", "audit_lines", "everything"]
