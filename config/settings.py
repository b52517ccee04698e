"""Settings, from the environment only. The table of them is in docs/operations.md."""

from __future__ import annotations

import datetime as dt
import importlib.util
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config.secret_key import kept_secret_key

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# "local": one machine, to try it and to work on it. "production": people rely on it.
ENVIRONMENT = env.str("ENVIRONMENT", default="local")
IN_PRODUCTION = ENVIRONMENT == "production"
DEBUG = env.bool("DEBUG", default=False)
VAR_ROOT = Path(env.str("VAR_ROOT", default=str(BASE_DIR / "var")))
SECRET_KEY = env.str("SECRET_KEY", default="")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=[] if IN_PRODUCTION else ["127.0.0.1", "localhost", "[::1]"]
)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
DATABASE_URL = env.str("DATABASE_URL", default="")
REDIS_URL = env.str("REDIS_URL", default="")


def _refusals() -> list[str]:
    """Why this must not run in production."""
    telling = ("example", "insecure", "change-me", "only-for")
    weak = len(SECRET_KEY) < 40 or any(word in SECRET_KEY for word in telling)
    return [
        sentence
        for sentence, is_so in {
            "SECRET_KEY must be a random text of at least 40 characters, and not an example.": weak,
            "DEBUG must not be on.": DEBUG,
            "ALLOWED_HOSTS must name the hosts that are served, and not *.": not ALLOWED_HOSTS
            or "*" in ALLOWED_HOSTS,
            "DATABASE_URL must name a PostgreSQL server.": not DATABASE_URL,
            "REDIS_URL must name a Redis server.": not REDIS_URL,
        }.items()
        if is_so
    ]


if ENVIRONMENT not in {"local", "production"}:
    raise ImproperlyConfigured("ENVIRONMENT must be “local” or “production”.")
if IN_PRODUCTION and _refusals():
    raise ImproperlyConfigured(" ".join(["Refusing to start in production.", *_refusals()]))
if not SECRET_KEY:
    SECRET_KEY = kept_secret_key(VAR_ROOT / "secret-key")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "django_filters",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "tree_queries",
    "rules.apps.AutodiscoverRulesConfig",
    "csp",
    "audit",
    "ballots",
    "core",
    "organisation",
    "messaging",
    "campaign",
    "issues",
    "rectification",
    "supervision",
    "evaluations",
    "desk",
]
MIDDLEWARE = [
    "ballots.middleware.BoxDoor",
    "audit.cascade.CascadeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "organisation.middleware.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "organisation.middleware.SessionLimits",
    "organisation.middleware.SignInRequired",
    "organisation.middleware.PersonLanguage",
    "organisation.middleware.PasswordChangeDue",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "campaign.http.campaigns",
                "desk.http.menu",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# The database. Without DATABASE_URL: a private server under var/ that starts by itself.
POSTGRES_HOME = VAR_ROOT / "postgres"
POSTGRES_IS_DURABLE = True
_database: dict[str, Any] = (
    env.db("DATABASE_URL")
    if DATABASE_URL
    else {"ENGINE": "core.postgresql", "NAME": "rectification", "USER": "postgres"}
)
DATABASES = {"default": {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, **_database}}
# The boxes may be written by a role of their own, which can read no roll (docs/operations.md).
BOX_DATABASE_URL = env.str("BOX_DATABASE_URL", default="")
if BOX_DATABASE_URL:
    DATABASES["box"] = {
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        **env.db("BOX_DATABASE_URL"),
    }
BOX_DATABASE = "box" if BOX_DATABASE_URL else "default"
# Keys of open boxes: on a file system in memory, or they lie in the same backup as the boxes.
BOX_KEY_DIR = Path(env.str("BOX_KEY_DIR", default=str(VAR_ROOT / "box-keys")))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# People and their sessions.
AUTH_USER_MODEL = "organisation.Person"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in {
        "UserAttributeSimilarityValidator": {"user_attributes": ("employee_number", "name")},
        "MinimumLengthValidator": {"min_length": 10},
        "CommonPasswordValidator": {},
        "NumericPasswordValidator": {},
    }.items()
]
LOGIN_URL = "organisation:sign_in"
LOGIN_REDIRECT_URL = "desk:home"
SESSION_COOKIE_AGE = 3600 * env.int("SESSION_HOURS", default=12)
SESSION_IDLE_SECONDS = 3600 * env.int("SESSION_IDLE_HOURS", default=8)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
SIGN_IN_FAILURES = env.int("SIGN_IN_FAILURES", default=5)
SIGN_IN_ADDRESS_FAILURES = env.int("SIGN_IN_ADDRESS_FAILURES", default=100)
SIGN_IN_LOCK_MINUTES = env.int("SIGN_IN_LOCK_MINUTES", default=15)
SIGN_IN_SESSIONS = env.int("SIGN_IN_SESSIONS", default=5)

# What the browser is held to.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [
            SELF,
            "data:",
        ],  # the interface kit draws its ticks and arrows in its style sheet
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = IN_PRODUCTION
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if IN_PRODUCTION else 0
# A hospital's other hosts, and the lists that browsers ship, are not ours to speak for.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    MIDDLEWARE.insert(1, "core.proxy.client_address_middleware")

# Language and time.
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

# Files. Those that people hand in have no address of their own: every read is a view that asks.
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / "static-collected"
FILES_ROOT = Path(env.str("FILES_ROOT", default=str(VAR_ROOT / "files")))
MEDIA_ROOT = FILES_ROOT
FONT_DIR = env.str("FONT_DIR", default="")  # fonts a hospital has licences for; they come first
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(FILES_ROOT), "base_url": None},
    },
    "staticfiles": {"BACKEND": "core.static_files.ManifestStorage"},
}

# Work that takes long, and the clock. Without REDIS_URL: messages are files under var/queue.
CELERY_BROKER_URL = REDIS_URL or "filesystem://localhost"
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = (
    {"visibility_timeout": 4 * 3600}
    if REDIS_URL
    else {
        "data_folder_in": str(VAR_ROOT / "queue" / "messages"),
        "data_folder_out": str(VAR_ROOT / "queue" / "messages"),
        "control_folder": str(VAR_ROOT / "queue" / "control"),
        "polling_interval": 0.2,
    }
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_ROOT / "beat" / "schedule")
CELERY_BEAT_SCHEDULE = {
    name: {"task": name, "schedule": seconds, "options": {"expires": seconds}}
    for name, seconds in {
        "audit.tasks.seal_trail": 60,
        "messaging.tasks.reconcile_jobs": 60,
        "messaging.tasks.tell_webhooks": 60,
        "rectification.tasks.announce_overdue": 3600,
        "organisation.tasks.forget_answers": 3600,
        "messaging.tasks.remind": 60,
        "evaluations.tasks.close_surveys": 60,
        "evaluations.tasks.forget_bundles": 86400,
    }.items()
    if importlib.util.find_spec(name.rpartition(".")[0])
}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
    }
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}

# Other systems. Rates are requests a minute, of one person or one token of his; 0 is without limit.
API_RATE = env.int("API_RATE", default=600)
API_ACT_RATE = env.int("API_ACT_RATE", default=60)
WEBHOOK_HOSTS = env.list("WEBHOOK_HOSTS", default=[])  # the only hosts that are told of events
REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "organisation.api.authentication.BearerToken",
        "organisation.api.authentication.SignedIn",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "core.api.access.NeedsPermission",
        "core.api.access.TokenMayAct",
    ],
    "DEFAULT_THROTTLE_CLASSES": [
        "core.api.rates.RequestsAMinute",
        "core.api.rates.ActsAMinute",
    ],
    "DEFAULT_PAGINATION_CLASS": "core.api.pages.Pages",
    "DEFAULT_PARSER_CLASSES": ["core.api.parsers.Body"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "core.api.schema.Operation",
    "EXCEPTION_HANDLER": "core.api.errors.answer",
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Work-style rectification",
    "DESCRIPTION": "Campaigns, units, problems found and the rectification ledger. Lists are read with "
    "the filters of the pages; states change only through named actions, with the rules of the pages.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "core.api.schema.refusals",
    ],
    "ENUM_NAME_OVERRIDES": {
        "CampaignState": "campaign.states.State",
        "IssueState": "issues.states.State",
        "LedgerItemState": "rectification.states.State",
        "Source": "issues.models.Source",
        "RectificationClass": "issues.models.RectificationClass",
        "UnitKind": "organisation.models.UnitKind",
        "UnitCategory": "organisation.models.UnitCategory",
        "EvidenceKind": "rectification.models.Evidence.Kind",
        "ExposureState": "supervision.states.MeetingState",
        "PaperKind": "supervision.models.PaperKind",
        "AttemptOutcome": "rectification.models.Outcome",
        "EvaluationRoundState": "evaluations.states.RoundState",
        "SatisfactionSurveyState": "evaluations.states.SurveyState",
    },
}

# Mail and log.
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("MAIL_FROM", default="rectification@localhost")
EMAIL_TIMEOUT = 20  # seconds for each answer of the mail server

# Reminders. A message names pages by SITE_URL; services are reached by what CHANNEL_* say.
SITE_URL = env.str(
    "SITE_URL", default=(CSRF_TRUSTED_ORIGINS or ["http://127.0.0.1:8000"])[0]
).rstrip("/")
DIGEST_AT = dt.time.fromisoformat(env.str("DIGEST_AT", default="08:30"))
QUIET_FROM = dt.time.fromisoformat(env.str("QUIET_FROM", default="20:00"))
QUIET_UNTIL = dt.time.fromisoformat(env.str("QUIET_UNTIL", default="08:00"))
MESSAGES_PER_DAY = env.int("MESSAGES_PER_DAY", default=3)
CHANNELS = {
    "wecom": env.str("CHANNEL_WECOM", default=""),
    "dingtalk": env.str("CHANNEL_DINGTALK", default=""),
    "feishu": env.str("CHANNEL_FEISHU", default=""),
    "sms": env.str("CHANNEL_SMS", default=""),
}
for _name, _template in CHANNELS.items():
    if _template and "{address}" not in _template:
        raise ImproperlyConfigured(f"CHANNEL_{_name.upper()} must say where {{address}} stands.")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {
        "stdout": {
            "class": "logging.StreamHandler",
            "stream": "ext://sys.stdout",
            "formatter": "line",
        },
    },
    "root": {"handlers": ["stdout"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.server": {"propagate": True},
        # These would name addresses and secrets of the services that messages go to.
        "apprise": {"level": "CRITICAL"},
        "urllib3": {"level": "INFO"},
    },
}
