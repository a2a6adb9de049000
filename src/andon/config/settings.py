"""Deployment settings: what differs between two installations is an environment variable."""

import os
import secrets
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from andon.config import logs, secret

env = environ.Env()

# -- Where things lie -----------------------------------------------------------------
PACKAGE = Path(__file__).resolve().parent.parent
DATA = Path(env("ANDON_DATA", default="var")).resolve()

# `demo` is loopback only, with plain cookie names and a key kept in its data folder (LG2).
PROFILE = env("ANDON_PROFILE", default="production")
DEMO = PROFILE == "demo"
TESTING = PROFILE == "test"
DEBUG = False


def _secret_key() -> str:
    """Return the configured key; demo and test make their own and keep it in the data folder."""
    if key := env("ANDON_SECRET_KEY", default=""):
        return str(key)
    if path := env("ANDON_SECRET_KEY_FILE", default=""):
        return Path(path).read_text(encoding="utf-8").strip()
    if TESTING:
        return "a key for tests only, which never leave this machine"
    if not DEMO:
        message = "Set ANDON_SECRET_KEY or ANDON_SECRET_KEY_FILE; there is no default key."
        raise ImproperlyConfigured(message)
    kept = DATA / "secret-key"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(50), encoding="utf-8")
    return kept.read_text(encoding="utf-8").strip()


SECRET_KEY = _secret_key()
# Earlier keys: what they sealed still opens, until it is made anew.
SECRET_KEY_FALLBACKS = env.list("ANDON_SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ANDON_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("ANDON_ORIGINS", default=[])
secret.refuse_open_hosts("ANDON_HOSTS", ALLOWED_HOSTS)
secret.refuse_open_hosts("ANDON_ORIGINS", CSRF_TRUSTED_ORIGINS)
if not (DEMO or TESTING):
    secret.refuse_weak("ANDON_SECRET_KEY", SECRET_KEY)

# -- Applications ---------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "django_cotton.apps.SimpleAppConfig",
    "django_filters",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "ninja",
    "allauth",
    "allauth.account",
    "django_tasks",
    "django_tasks_db",
    "andon.ui",
    "andon.trail",
    "andon.accounts",
    "andon.tasks",
    "andon.organization",
    "andon.entry",
    "andon.store",
    "andon.signing",
    "andon.lists",
    "andon.records",
    "andon.sheets",
    "andon.modules.production",
    "andon.modules.kpis",
    "andon.modules.analyses",
    "andon.modules.nonconformities",
    "andon.modules.actions",
    "andon.modules.improvements",
    "andon.modules.checklists",
    "andon.assurance",
    "andon.portal",
    "andon.portal.notices",
    "andon.portal.designer",
    "andon.portal.desk",
    "andon.portal.packs",
    "andon.portal.hooks",
    "andon.portal.operations",
    "andon.portal.keeping",
    "andon.portal.retention",
    "andon.portal.proof",
]

MIDDLEWARE = [
    "andon.config.access.AccessMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # A page is a third over the wire. Its token is masked anew in each answer, and Django pads
    # what it packs by a random length, so the length of an answer tells nothing (BREACH).
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "andon.entry.headers.HeadersMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "andon.config.access.ProbeMiddleware",
    "andon.entry.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "andon.config.middleware.PlainTextMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "andon.entry.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "andon.trail.middleware.EdgeMiddleware",
    "andon.store.exporting.ExportMiddleware",
    "andon.organization.middleware.SettingsMiddleware",
    "andon.entry.door.DoorMiddleware",
    "andon.entry.tablets_policy.TabletMiddleware",
    "andon.accounts.middleware.PolicyMiddleware",
    "andon.entry.factors_rules.SecondFactorMiddleware",
    "andon.config.trouble.TroubleMiddleware",
    "andon.config.middleware.ApiProblemMiddleware",
    "andon.accounts.auditors.AuditorMiddleware",
]

ROOT_URLCONF = "andon.config.urls"
WSGI_APPLICATION = "andon.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "django.templatetags.i18n",
                "django.contrib.humanize.templatetags.humanize",
                "andon.ui.templatetags.ui",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "andon.ui.context.page",
                "andon.portal.notices.context.bell",
            ],
            "string_if_invalid": "",
        },
    }
]

# -- Database -------------------------------------------------------------------------
_default_database = f"sqlite:///{DATA / 'andon.sqlite3'}"
DATABASES = {"default": env.db("DATABASE_URL", default=_default_database)}
SQLITE = DATABASES["default"]["ENGINE"].endswith("sqlite3")
if SQLITE:
    # AT3. With Django's defaults 711 of 800 concurrent write transactions failed; so none.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            "PRAGMA cache_size=-64000; PRAGMA mmap_size=268435456;"
        ),
    }
    DATABASES["default"]["CONN_MAX_AGE"] = None
else:
    DATABASES["default"]["OPTIONS"] = {"pool": {"min_size": 1, "max_size": 8, "timeout": 20}}
    if TESTING:
        DATABASES["default"]["OPTIONS"] = {}
ATOMIC_REQUESTS = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# -- Background work ------------------------------------------------------------------
TASKS = {"default": {"BACKEND": "andon.tasks.backend.LeasedBackend"}}

# -- Signing in, sessions, cookies, headers ----------------------------------------------
from andon.config.door import *  # noqa: E402, F403  (after the profile is known)

# -- Mail (OB2) ---------------------------------------------------------------------------
# Off until somebody says by which server, from which address, and where Andon itself is found.
ANDON_MAIL = bool(env("ANDON_EMAIL_URL", default=""))
ANDON_URL = env("ANDON_URL", default="http://localhost:8000").rstrip("/")
DEFAULT_FROM_EMAIL = env("ANDON_EMAIL_FROM", default="andon@localhost")
EMAIL_TIMEOUT = 10
if ANDON_MAIL:
    vars().update(env.email("ANDON_EMAIL_URL"))
    if not (env("ANDON_URL", default="") and env("ANDON_EMAIL_FROM", default="")):
        raise ImproperlyConfigured("With ANDON_EMAIL_URL also set ANDON_URL and ANDON_EMAIL_FROM.")

# -- Signing key and checkpoints (AT9) -----------------------------------------------------
# Outside of the database, both. A key whose place nobody named is made with its first use.
_signing_key = env("ANDON_SIGNING_KEY_FILE", default="")
SIGNING_KEY_FILE = Path(_signing_key or DATA / "signing-key")
SIGNING_KEY_MADE = not _signing_key
CHECKPOINTS = Path(env("ANDON_CHECKPOINTS", default=str(DATA / "checkpoints.txt")))

# -- Monitoring: off unless somebody is let in -----------------------------------------------
METRICS_TOKEN = secret.read(env, "ANDON_METRICS_TOKEN")
METRICS_NETWORKS = env.list("ANDON_METRICS_NETWORKS", default=[])
if METRICS_TOKEN:
    secret.refuse_weak("ANDON_METRICS_TOKEN", METRICS_TOKEN, least=secret.LEAST_TOKEN)
if (METRICS_TOKEN or METRICS_NETWORKS) and not TESTING:
    # Where each process counts; the library looks for it when it is loaded.
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(DATA / "metrics"))

# -- Language and time ------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
FORMAT_MODULE_PATH = ["andon.config.formats"]
USE_TZ = True
TIME_ZONE = "UTC"

# -- Static files and uploads -----------------------------------------------------------
STATIC_URL = "/static/"
# Served from where they lie in the package; nothing is collected.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
# Built assets carry the hash of their content in their name, so a browser keeps them for ever.
WHITENOISE_IMMUTABLE_FILE_TEST = r"/andon/dist/.+-[0-9a-f]{12}\.\w+$"
# A folder, or s3://bucket/prefix with keys and region as boto3 takes them from the environment.
FILES = env("ANDON_FILES", default="") or DATA / "files"
ANDON_FILES_ENDPOINT = env("ANDON_FILES_ENDPOINT", default="") or None
ANDON_FILES_REGION = env("ANDON_FILES_REGION", default="") or None
# Where clamd listens, unix:/path or tcp://host:3310; and what happens when it does not answer.
ANDON_SCANNER = env("ANDON_SCANNER", default="")
ANDON_SCANNER_DOWN = env("ANDON_SCANNER_DOWN", default="refuse")
# Watched folders lie below this one; nothing outside of it is ever read or moved.
FEEDS = Path(env("ANDON_FEEDS", default=str(DATA / "feeds"))).resolve()
# Where the worker puts a backup every day, how many it keeps, and what encrypts them (BK1).
BACKUPS = Path(folder).resolve() if (folder := env("ANDON_BACKUPS", default="")) else None
BACKUPS_KEPT = env.int("ANDON_BACKUPS_KEPT", default=14)
BACKUP_SECRET_FILE = env("ANDON_BACKUP_SECRET_FILE", default="") or None
MQTT_BROKER = env("ANDON_MQTT", default="")
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440

FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
NINJA_PAGINATION_MAX_LIMIT = 100
# W005, W021: whether all other hosts of the company's domain speak https is not ours to say.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

# Pieces of templates that parts above the kernel put among the buttons of every record.
RECORD_TOOLS = ("notices/_watch.html", "packs/_pack.html")

from andon.config.navigation import NAVIGATION  # noqa: E402, F401  (its words need the settings)

# -- Each secret is one of its own (LG2) -------------------------------------------------------
if not (DEMO or TESTING):
    secret.refuse_shared(
        {
            "ANDON_SECRET_KEY": SECRET_KEY,
            "the password of DATABASE_URL": str(DATABASES["default"].get("PASSWORD") or ""),
            "ANDON_SIGNING_KEY_FILE": secret.text_of(SIGNING_KEY_FILE),
            "ANDON_BACKUP_SECRET_FILE": secret.text_of(Path(BACKUP_SECRET_FILE or "-")),
            "ANDON_METRICS_TOKEN": METRICS_TOKEN,
        }
    )

# -- Log --------------------------------------------------------------------------------
# Who watches a demo wants to see what is broken, not every address that is not there.
LOGGING = logs.configuration(
    level="ERROR" if DEMO or TESTING else "INFO",
    access=not (DEMO or TESTING) and env.bool("ANDON_ACCESS_LOG", default=True),
)
