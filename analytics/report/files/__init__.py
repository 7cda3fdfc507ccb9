"""A report as files to hand over. Heavy libraries are imported in functions: only a worker makes files."""

from analytics.report.files.report_files import ReportFormat, Written, write_files

__all__ = ["ReportFormat", "Written", "write_files"]
