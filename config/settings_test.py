"""Settings of the tests: quick where nothing is proved by slowness, and strict."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from config.settings import *  # noqa: F403

if not os.environ.get("DATABASE_URL"):
    # One cluster for all the processes of a run: they inherit the name of its folder.
    _home = Path(tempfile.gettempdir()) / f"rectification-test-{os.getuid()}-{os.getpid()}"
    POSTGRES_HOME = Path(os.environ.setdefault("TEST_POSTGRES_HOME", str(_home)))
    POSTGRES_IS_DURABLE = False

SECRET_KEY = "only-for-tests-0123456789-0123456789-0123456789-0123456789"  # noqa: S105
DEBUG = False
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
FILES_ROOT = Path(tempfile.gettempdir()) / f"rectification-test-files-{os.getpid()}"
MEDIA_ROOT = FILES_ROOT
BOX_KEY_DIR = FILES_ROOT / "box-keys"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(FILES_ROOT), "base_url": None},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
CELERY_BROKER_URL = "memory://"
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
