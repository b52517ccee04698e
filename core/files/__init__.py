"""Files that people hand in: judged by what is in them, stored out of reach, shown without position.

Nothing here knows what a file is for. Whoever calls decides who may hand in and who may read.
"""

from core.files.judging import (
    ACCEPT_DOCUMENTS,
    DOCX,
    JPEG,
    MOST_BYTES,
    MOST_PARTS,
    MOV,
    MP4,
    PDF,
    PNG,
    PPTX,
    SHOWN_IN_PLACE,
    TEXT,
    WEBP,
    XLSX,
    FileRefusedError,
    judge,
)
from core.files.keeping import Kept, forget, keep, plain_name, send
from core.files.showing import thumbnail, without_position

__all__ = [
    "ACCEPT_DOCUMENTS",
    "DOCX",
    "JPEG",
    "MOST_BYTES",
    "MOST_PARTS",
    "MOV",
    "MP4",
    "PDF",
    "PNG",
    "PPTX",
    "SHOWN_IN_PLACE",
    "TEXT",
    "WEBP",
    "XLSX",
    "FileRefusedError",
    "Kept",
    "forget",
    "judge",
    "keep",
    "plain_name",
    "send",
    "thumbnail",
    "without_position",
]
