"""The product's own settings, but for where its style sheets are collected: another run's may be in use."""

from config.settings import *  # noqa: F403

STATIC_ROOT = VAR_ROOT / "static-collected"  # noqa: F405
