"""An installation of its own for tests that kill it or read what lies on its disk."""

import os
from pathlib import Path

from config.settings_test import *  # noqa: F403

BOX_KEY_DIR = Path(os.environ["BOX_KEY_DIR"])
FILES_ROOT = MEDIA_ROOT = Path(os.environ["FILES_ROOT"])
STORAGES = STORAGES | {  # noqa: F405
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(FILES_ROOT), "base_url": None},
    }
}
