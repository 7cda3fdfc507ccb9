"""A report as a tagged PDF with vector figures, page numbers and bookmarks."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string

from analytics.report.document import Document
from analytics.report.document_json import to_json
from analytics.report.files.pictures import picture

STYLE = Path(__file__).with_name("paper.css")
FONTS = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")
# They tell each page and each glyph that they set.
TALKATIVE = ("weasyprint.progress", "fontTools", "fontTools.subset")
Fetcher = Callable[..., Any]


def pdf(document: Document) -> bytes:
    """The file. Nothing from outside is fetched. The same document, the same bytes."""
    from weasyprint import HTML

    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    pictures = {figure.key: picture(figure) for one in document.sections for figure in one.figures}
    context = {"document": document, "style": STYLE.read_text(encoding="utf-8")}
    html = render_to_string("analytics/report/paper.html", context)
    identifier = hashlib.sha256(to_json(document).encode()).digest()[:16]
    page = HTML(string=html, base_url="report:", url_fetcher=_ours(pictures))
    return page.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=identifier) or b""


def _ours(pictures: Mapping[str, str]) -> Fetcher:
    """What a report may ask for: its pictures, and the letters that these are drawn with."""
    import matplotlib as mpl
    from weasyprint.urls import FatalURLFetchingError, URLFetcherResponse

    letters = Path(mpl.get_data_path()) / "fonts" / "ttf"

    def fetch(url: str, *_arguments: Any, **_options: Any) -> Any:
        kind, _colon, name = url.partition(":")
        if kind == "picture" and name in pictures:
            return URLFetcherResponse(url, pictures[name].encode(), {"Content-Type": "image/svg+xml"})
        if kind == "font" and name in FONTS:
            return URLFetcherResponse(url, (letters / name).read_bytes(), {"Content-Type": "font/ttf"})
        raise FatalURLFetchingError(f"a report fetches nothing: {url}")

    return fetch
