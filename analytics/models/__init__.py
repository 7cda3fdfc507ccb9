"""What was made of the cohort's data."""

from analytics.models.data_export import DataExport, ExportKind, ExportShape
from analytics.models.report import Report, ReportFile, ReportState

__all__ = ["DataExport", "ExportKind", "ExportShape", "Report", "ReportFile", "ReportState"]
