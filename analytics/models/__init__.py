"""What was made of the cohort's data."""

from analytics.models.data_export import DataExport, ExportKind, ExportShape
from analytics.models.report import Act, Report, ReportAct, ReportFile, ReportState

__all__ = [
    "Act",
    "DataExport",
    "ExportKind",
    "ExportShape",
    "Report",
    "ReportAct",
    "ReportFile",
    "ReportState",
]
