"""What administrators read of what happened: newest first, filtered, page by page, and as CSV.

An audit names its tables as sources and tells their rows as lines; each app describes its own.
"""

from accounts.audit.reading import Audit, AuditRequest, Found, Line, Source, everything, found_page

__all__ = ["Audit", "AuditRequest", "Found", "Line", "Source", "everything", "found_page"]
