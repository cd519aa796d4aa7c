"""How the pages are served. Everything that varies comes from the environment; what is missing is made on first run.

ALIDADE_HOME         folder of the node (database, keys, accounts)
ALIDADE_HOSTS        names under which the node may be addressed, divided by commas (127.0.0.1, localhost)
ALIDADE_PLAIN_HTTP   "1" where the pages are served without TLS, on this machine only (demonstration)
ALIDADE_PROXY        "1" where exactly one proxy stands in front, which ends TLS and names the browser's address
"""

from __future__ import annotations

import os
from pathlib import Path

from alidade.services.machine import secret_file

HOME = Path(os.environ.get("ALIDADE_HOME", "~/.alidade")).expanduser()
PLAIN = os.environ.get("ALIDADE_PLAIN_HTTP") == "1"
PROXY = os.environ.get("ALIDADE_PROXY") == "1"

DEBUG = False
SECRET_KEY = secret_file(HOME / "session.key")
ALLOWED_HOSTS = [name.strip() for name in os.environ.get("ALIDADE_HOSTS", "127.0.0.1,localhost").split(",")]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "alidade.web.apps.WebConfig",  # before allauth: its pages are shown in our frame
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "alidade.store.apps.StoreConfig",
]
MIDDLEWARE = [
    "alidade.web.log.LogMiddleware",
    "alidade.web.protection.ProtectionMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "alidade.web.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "alidade.web.place.PlaceMiddleware",
    "alidade.web.errors.ErrorMiddleware",
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(HOME / "accounts.db"),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "pragma journal_mode = WAL; pragma synchronous = FULL; pragma foreign_keys = ON",
        },
        "CONN_MAX_AGE": None,
    }
}
DATABASE_ROUTERS = ["alidade.web.accounts.AccountsRouter"]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "alidade.web.frame.frame",
            ],
            "builtins": ["django.templatetags.i18n", "alidade.web.templatetags.alidade"],
        },
    }
]
FORM_RENDERER = "alidade.web.forms.Renderer"
ROOT_URLCONF = "alidade.web.urls"
WSGI_APPLICATION = "alidade.web.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTHENTICATION_BACKENDS = ["alidade.web.accounts.OfficerBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", "English"),
    ("fr", "Français"),
    ("es", "Español"),
    ("pt-pt", "Português"),  # by this code the sign-in library has it; ours and the framework's lie under pt
    ("pt-br", "Português (Brasil)"),
]
LANGUAGE_COOKIE_NAME = "alidade-language"
LOCALE_PATHS = [Path(__file__).parent / "locale"]

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_TEMP_DIR = None

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "my-day"
SESSION_COOKIE_NAME = "alidade" if PLAIN else "__Host-alidade"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_SECURE = not PLAIN
SESSION_COOKIE_AGE = 15 * 60  # idle; the longest a session lasts in all is in place.py
SESSION_SAVE_EVERY_REQUEST = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = "alidade-csrf" if PLAIN else "__Host-alidade-csrf"
CSRF_COOKIE_SECURE = not PLAIN
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "alidade.web.errors.forged"
SECURE_HSTS_SECONDS = 0 if PLAIN else 365 * 24 * 3600
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXY else None

ACCOUNT_ADAPTER = "alidade.web.accounts.ClosedAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PRESERVE_USERNAME_CASING = True
ACCOUNT_FORMS = {
    "login": "alidade.web.sign_in_forms.SignInForm",
    "reauthenticate": "alidade.web.sign_in_forms.AgainForm",
    "change_password": "alidade.web.sign_in_forms.OwnPasswordForm",
}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
# Passwords are counted by alidade.web.patience; what stays here counts the codes of one officer after his password.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": "5/5m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if PROXY else 0
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_FORMS = {
    "add_webauthn": "alidade.web.sign_in_forms.PasskeyForm",
    "authenticate": "alidade.web.sign_in_forms.CodeForm",
    "reauthenticate": "alidade.web.sign_in_forms.CodeAgainForm",
    "activate_totp": "alidade.web.sign_in_forms.AppForm",
}
MFA_RATE_LIMITS = {"webauthn_login": "600/m/ip"}  # nothing to guess; many officers may sign in from one address
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_RECOVERY_CODE_DIGITS = 16
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = PLAIN
MFA_TOTP_ISSUER = "Alidade"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "rate_limit",  # attempts to sign in are counted over all processes, and survive a restart
        "OPTIONS": {"MAX_ENTRIES": 200_000},  # nobody washes his attempts away by making others
    }
}
# The log lines of the framework and its libraries quote addresses and values; ours are written by alidade.web.log.
_SILENT = {"handlers": ["none"], "propagate": False}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"none": {"class": "logging.NullHandler"}},
    "loggers": {name: _SILENT for name in ("django", "allauth", "fido2", "whitenoise")},
}
