"""Settings of the door: signing in, sessions, cookies and headers (AU, SE)."""

import environ
from csp.constants import NONCE, NONE, SELF

from andon.config.outside import single_sign_on

env = environ.Env()
PLAIN = env("ANDON_PROFILE", default="production") in {"demo", "test"}
"""On this machine only, without https, and so with plain cookie names."""

# -- Sign-in --------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["andon.accounts.backends.RoleBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if env("ANDON_PROFILE", default="production") == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "display_name", "email")},
    },
    {"NAME": "andon.entry.passwords.ContextWords"},
    {"NAME": "andon.entry.passwords.Sane"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "andon.entry.adapter.AccountAdapter"
ACCOUNT_RATE_LIMITS = False  # entry.throttle counts in the database, for all processes together
# How many proxies of ours add to X-Forwarded-For; without one the peer is the client (AU5).
TRUSTED_PROXY_COUNT = env.int("ANDON_TRUSTED_PROXIES", default=0)
PASSWORD_RESET_TIMEOUT = 30 * 60
CSRF_FAILURE_VIEW = "andon.entry.door.csrf_failure"
# Requests to the API within a minute, for each process (AP1).
API_PER_MINUTE = {
    "person": env.int("ANDON_API_PER_MINUTE", default=600),
    "token": env.int("ANDON_TOKEN_PER_MINUTE", default=600),
}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_USER_DISPLAY = "andon.accounts.models.display_name"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False  # tablets on the shop floor are shared
# Further steps of signing in, after the password (AU3).
SIGN_IN_STEPS = ["andon.entry.factors_stage.SecondStep"]
# The sign-in of the company (OpenID Connect); None: there is none. docs/sign-in.md
SINGLE_SIGN_ON = single_sign_on(env)

# -- Sessions, cookies, headers (SE) ----------------------------------------------------
SESSION_ENGINE = "andon.entry.engine"
SESSION_COOKIE_AGE = env.int("ANDON_SESSION_HOURS", default=12) * 3600  # however busy it was
SESSION_IDLE_SECONDS = env.int("ANDON_SESSION_IDLE_MINUTES", default=30) * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
DEVICE_COOKIE_NAME = "device"
TABLET_COOKIE_NAME = "tablet"
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if not PLAIN:
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    DEVICE_COOKIE_NAME = "__Host-device"
    TABLET_COOKIE_NAME = "__Host-tablet"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_SSL_REDIRECT = env.bool("ANDON_SSL_REDIRECT", default=True)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]  # asked from inside

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
