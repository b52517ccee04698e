"""Scripts of the voting pages, each named with the digest of its content."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from pathlib import Path

from django import template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def integrity(name: str) -> str:
    """What a browser compares with the script that it is sent: the SHA-384 of the file as served."""
    served = static(name).removeprefix(settings.STATIC_URL)
    path = finders.find(name) if served == name else staticfiles_storage.path(served)
    digest = hashlib.sha384(Path(str(path)).read_bytes()).digest()
    return f"sha384-{b64encode(digest).decode()}"


@register.simple_tag
def module(name: str, *parts: str) -> SafeString:
    """A script and the modules that it imports: one that was changed on its way is not run."""
    before = [
        format_html(
            '<link rel="modulepreload" href="{}" integrity="{}">\n', static(part), integrity(part)
        )
        for part in parts
    ]
    script = format_html(
        '<script type="module" src="{}" integrity="{}"></script>', static(name), integrity(name)
    )
    return SafeString("".join([*before, script]))
