"""What was made of the cohort's data."""

from analytics.models.data_export import DataExport, ExportKind, ExportShape

__all__ = ["DataExport", "ExportKind", "ExportShape"]
