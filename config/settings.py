"""Settings of Nordarkiv: one file, read from the environment; development needs none."""

from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config import environment as setting
from config import mail

BASE_DIR = Path(__file__).resolve().parent.parent
# `make run` writes .env; the tests point NORDARKIV_ENV_FILE at nothing so that it cannot reach them.
HAS_FILE = setting.read_file(BASE_DIR / ".env")

SECRET_KEY = setting.text("SECRET_KEY")
# A fresh clone needs no settings for development. A server, or whoever has settings, has to ask.
HAS_TO_ASK = HAS_FILE or SECRET_KEY or setting.text("NORDARKIV_SERVES")
DEBUG = setting.choice("DEBUG", default=not HAS_TO_ASK)
SECRET_KEY_FALLBACKS = setting.several("SECRET_KEY_FALLBACKS")
if not SECRET_KEY:
    if not DEBUG:
        raise ImproperlyConfigured(
            "DEBUG is off and SECRET_KEY is not set. Set SECRET_KEY in the environment or in .env "
            "(`make run` writes one)."
        )
    SECRET_KEY = "development-only-never-in-production"
ALLOWED_HOSTS = setting.several("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = setting.several("CSRF_TRUSTED_ORIGINS")

# Everything the archive writes lies here: database, index, collected static files.
DATA_DIR = setting.data_folder("NORDARKIV_DATA", BASE_DIR / "var")

INSTALLED_APPS = [
    "config.apps.NordarkivAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "axes",
    "haystack",
    "archive",
    "search",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "archive.middleware.NoNulMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "archive.middleware.InterfaceLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "archive.middleware.AllowedMethodsMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "search.middleware.EngineUnavailableMiddleware",
    "axes.middleware.AxesMiddleware",
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
                "archive.context.archive",
            ],
        },
    },
]

DATABASES = {"default": setting.database("DATABASE_URL", DATA_DIR / "nordarkiv.sqlite3")}
DATABASES["default"]["CONN_MAX_AGE"] = setting.number("DATABASE_CONN_MAX_AGE", default=60)
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # WAL alone made half of concurrent writes fail; with IMMEDIATE none did. FULL: a commit that was
    # acknowledged survives a power cut.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY; "
            "PRAGMA mmap_size=1073741824; PRAGMA cache_size=-65536;"
        ),
    }
    # The tests use a real file, not memory, so that WAL and locking are the ones readers get.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

HAYSTACK_CONNECTIONS = {
    "default": {
        "ENGINE": setting.dotted_name("SEARCH_ENGINE", "search.engines.whoosh.NewsWhooshEngine"),
        "PATH": setting.index_folder("SEARCH_INDEX_PATH", DATA_DIR / "index"),
        "SILENTLY_FAIL": False,
        "INCLUDE_SPELLING": False,
        "BATCH_SIZE": 1000,
    },
}
# Megabytes that each server process may keep of the index, ready to be searched.
# 0: by the number of articles.
SEARCH_CACHE_MB = setting.number("SEARCH_CACHE_MB", default=0)
# Processes that build the index anew, side by side; 0: one a core.
SEARCH_REBUILD_PROCESSES = setting.number("SEARCH_REBUILD_PROCESSES", default=0)

LANGUAGES = [("en", "English"), ("da", "Dansk"), ("nb", "Norsk bokmål"), ("sv", "Svenska")]
LANGUAGE_CODE = setting.one_of("LANGUAGE_CODE", "en", [code for code, _ in LANGUAGES])
LOCALE_PATHS = [BASE_DIR / "archive" / "locale"]
# A time printed without a zone is read in this one (docs/decisions/0002-partial-dates.md).
TIME_ZONE = setting.time_zone("TIME_ZONE", "Europe/Copenhagen")
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = "config.formats"

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "config.static.HashedFiles"
    },
}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
# Whoever guesses a password waits after ten wrong ones. The name together with the address: else
# anyone could lock a curator out, or an office behind one address all of its people.
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "archive.views.errors.locked_out"
AXES_CLIENT_IP_CALLABLE = "archive.middleware.client_address"
# Only failures are kept, and not for longer than they count.
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
# The admin asks at its own door.
LOGIN_URL = "log_in"
LOGIN_REDIRECT_URL = "home"

# Alerts are offered where mails can be sent; in development they are printed.
_mail = mail.mail_server("EMAIL_URL", console=DEBUG)
ALERTS_ARE_SENT = _mail.is_set
EMAIL_BACKEND, EMAIL_FILE_PATH = _mail.backend, _mail.folder
EMAIL_HOST, EMAIL_PORT = _mail.host, _mail.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.user, _mail.password
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.starttls, _mail.tls
# Seconds that a mail server may take to answer.
EMAIL_TIMEOUT = 20
# What the links in mails begin with: no request says it to the command that sends them.
SITE_ADDRESS = mail.site_address(
    "SITE_ADDRESS",
    "http://localhost:8000" if DEBUG else "",
    needed_by="EMAIL_URL" if ALERTS_ARE_SENT else "",
)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = mail.sender("DEFAULT_FROM_EMAIL", SITE_ADDRESS)
# The hour of the day, in TIME_ZONE, at which daily and weekly alerts are due.
ALERTS_HOUR = setting.number("ALERTS_HOUR", default=6, most=23)

# Uploads of whole archives are streamed to disk; forms stay small.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SAMESITE = "Lax"
# Behind HTTPS (HTTPS=1) cookies are sent over it only and browsers are told to stay there.
HTTPS = setting.choice("HTTPS", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
# Subdomains and browsers' preload lists are for the owner of the domain to decide.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
BEHIND_PROXY = setting.choice("BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "config.faults.LineFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": setting.log_level("LOG_LEVEL", "WARNING")},
}
