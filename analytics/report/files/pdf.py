"""A report as a tagged PDF with vector figures, page numbers and bookmarks."""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string

from analytics.report.document import Document
from analytics.report.document_json import to_json
from analytics.report.files.pictures import picture

STYLE = Path(__file__).with_name("paper.css")
# They tell each page and each glyph that they set.
TALKATIVE = ("weasyprint", "weasyprint.progress", "fontTools", "fontTools.subset")
FONTS = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")


def pdf(document: Document) -> bytes:
    """The file. Nothing is fetched: what the page names is not there. The same document, the same bytes."""
    from weasyprint import HTML

    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)

    html = render_to_string(
        "analytics/report/paper.html",
        {
            "document": document,
            "style": STYLE.read_text(encoding="utf-8"),
            "pictures": {figure.key: picture(figure) for one in document.sections for figure in one.figures},
        },
    )
    page = HTML(string=html, url_fetcher=_font_or_nothing)
    identifier = hashlib.sha256(to_json(document).encode()).digest()[:16]
    return page.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=identifier) or b""


def _font_or_nothing(url: str, *_arguments: Any, **_options: Any) -> dict[str, Any]:
    """The letters that the figures are drawn with are the only thing that a report asks for."""
    import matplotlib as mpl

    name = url.removeprefix("font:")
    if name not in FONTS:
        raise ValueError(f"a report fetches nothing: {url}")
    file = Path(mpl.get_data_path()) / "fonts" / "ttf" / name
    return {"string": file.read_bytes(), "mime_type": "font/ttf"}
