"""Bodies that programs send: JSON that can be read, kept and said again, or a refusal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

if TYPE_CHECKING:
    from collections.abc import Mapping


class Body(JSONParser):
    """Half a character, or brackets a thousand deep, is no fault of ours and must not look like one."""

    def parse(
        self,
        stream: Any,
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        try:
            read = super().parse(stream, media_type, parser_context)
            json.dumps(read, ensure_ascii=False).encode()
        except (RecursionError, UnicodeEncodeError) as fault:
            raise ParseError(_("This body cannot be read as JSON.")) from fault
        return read
