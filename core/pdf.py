"""WeasyPrint, kept to our own static files. Slow to import: core.documents imports it inline."""

from __future__ import annotations

import hashlib
import logging
import mimetypes
import threading
from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from core import fonts

logger = logging.getLogger(__name__)
logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)
# Pango's font map is not made for two threads; printing is work of the processor anyway.
_one_at_a_time = threading.Lock()


class ForbiddenResourceError(Exception):
    """The document asked for something that is not one of our static files."""


class StaticOnly(URLFetcher):
    """Fetch ``static:<path>`` and ``font:<name>``, and break off at any other address.

    ``measures:`` are the rules that were worked out for this one document.
    """

    def __init__(self, measures: str = "") -> None:
        super().__init__()
        self._measures = measures

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        scheme, _colon, name = url.partition(":")
        if scheme == "measures":
            return URLFetcherResponse(url, self._measures.encode(), {"Content-Type": "text/css"})
        path = {"static": _static, "font": _licensed_font}.get(scheme, _nothing)(name)
        if path is None:
            raise FatalURLFetchingError(url)
        kind, _encoding = mimetypes.guess_type(path)
        kind = kind or "application/octet-stream"
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})


def _static(name: str) -> Path | None:
    try:
        found = finders.find(name)
    except SuspiciousFileOperation:
        return None
    return Path(found) if found else None


def _licensed_font(name: str) -> Path | None:
    return next((face.path for face in fonts.faces() if face.url == f"font:{name}"), None)


def _nothing(_name: str) -> None:
    return None


@lru_cache(maxsize=1)
def _prepared(rules: str) -> tuple[FontConfiguration, CSS]:
    """Fonts are read once for each process; the rules change only with the fonts."""
    configuration = FontConfiguration()
    return configuration, CSS(string=rules, font_config=configuration, url_fetcher=StaticOnly())


def write(html: str, measures: str = "") -> bytes:
    """The page on paper; it may link to ``measures``, rules for this one document."""
    logger.info("printing with licensed fonts for: %s", sorted(fonts.licensed_roles()) or "none")
    with _one_at_a_time:
        try:
            configuration, faces = _prepared(fonts.stylesheet())
            return HTML(string=html, url_fetcher=StaticOnly(measures)).write_pdf(
                stylesheets=[faces],
                font_config=configuration,
                pdf_variant="pdf/ua-1",
                pdf_identifier=hashlib.sha256((html + measures).encode()).digest()[:16],
            )
        except FatalURLFetchingError as error:  # a BaseException: nothing above would catch it
            raise ForbiddenResourceError(str(error)) from error
