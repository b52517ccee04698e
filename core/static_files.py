"""Style sheets and scripts under names that carry their content's hash."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

IMPORT_OF_OURS = r"""(?P<matched>import(?P<names> \{[^}]*\}) from "(?P<url>\./[^"]+)";)"""


class ManifestStorage(CompressedManifestStaticFilesStorage):
    """Compresses with gzip only: Brotli takes ten times as long to collect for a few per cent less.

    What the modules of the ballots import is found under its hashed name too, so that no browser
    joins an old half with a new one. (Django can do that for all scripts or none, and one package
    imports what only its own build knows.)
    """

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("ballots/*.js", ((IMPORT_OF_OURS, 'import%(names)s from "%(url)s";'),)),
    )

    def create_compressor(self, **options: object) -> Compressor:
        return Compressor(**options, use_brotli=False)


def collect_if_changed() -> None:
    """Collecting takes seconds; looking whether anything changed takes none."""
    stamp = settings.VAR_ROOT / "static-collected-from"
    state = _state_of_the_sources()
    if not (settings.STATIC_ROOT.exists() and stamp.exists() and stamp.read_text() == state):
        call_command("collectstatic", interactive=False, verbosity=0, clear=True)
        stamp.write_text(state)


def _state_of_the_sources() -> str:
    mark = hashlib.sha256()
    for finder in get_finders():
        for path, storage in sorted(finder.list([]), key=lambda found: found[0]):
            about = storage.path(path)
            facts = (about, storage.size(path), storage.get_modified_time(path).isoformat())
            mark.update(repr(facts).encode())
    return mark.hexdigest()
