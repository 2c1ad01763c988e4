"""All settings, and every read of the environment. Nonsense fails here, at start, by name.

`.env.example` lists each variable with its default and meaning; a test holds the two together.
The supervisor imports this too, so nothing here may import Django's applications. It starts the
servers that are not configured, at addresses that follow from VAR_DIR.
"""

from pathlib import Path
from urllib.parse import quote

import dj_database_url
from corsheaders.defaults import default_headers
from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from marshmallow.validate import OneOf, Range, Regexp

from voiceassistant import embedded, environment, logs, prices, vendors

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = environment.read(BASE_DIR / ".env")

# --- the site -----------------------------------------------------------------------------------
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = environment.secret(env, "SECRET_KEY") or environment.secret_key(VAR_DIR)
HOST = env.str("HOST", default="localhost")
PORT = env.int("PORT", default=8000, validate=Range(1, 65535))
ALLOWED_HOSTS = [*env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"]), HOST]
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])
CORS_ALLOWED_ORIGINS: list[str] = env.list("CORS_ORIGINS", default=[])
CORS_ALLOW_HEADERS = (*default_headers, "if-match")
CORS_EXPOSE_HEADERS = [
    "ETag",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "Content-Disposition",
    "X-Request-ID",
]
HTTPS = env.bool("HTTPS", default=False)
SIGNUP_OPEN = env.str("SIGNUP", default="open", validate=OneOf(["open", "closed"])) == "open"

LOG_LEVEL = env.str("LOG_LEVEL", default="INFO", validate=environment.log_level).upper()
LOG_FORMAT = env.str("LOG_FORMAT", default="console", validate=OneOf(["console", "json"]))
LOGGING_CONFIG = None
logs.configure(level=LOG_LEVEL, form=LOG_FORMAT)
OTEL_EXPORTER_OTLP_ENDPOINT = env.str(
    "OTEL_EXPORTER_OTLP_ENDPOINT", default="", validate=environment.http_url
)
TRACE_URL = env.str("TRACE_URL", default="", validate=environment.http_url)

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "connect-src": [SELF, "ws:", "wss:"],
        "worker-src": [SELF, "blob:"],
        "media-src": [SELF, "blob:"],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
# The admin's Alpine evaluates its attributes, and sets styles.
ADMIN_CONTENT_SECURITY_POLICY = CONTENT_SECURITY_POLICY["DIRECTIVES"] | {
    "script-src": [SELF, UNSAFE_EVAL, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
}

# --- applications -------------------------------------------------------------------------------
INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "servestatic",
    "corsheaders",
    "ninja",
    "channels",
    "procrastinate.contrib.django",
    "voiceassistant",
    "conversations",
    "voice",
    "dashboard",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "servestatic.middleware.ServeStaticMiddleware",
    "voiceassistant.middleware.RequestMiddleware",
    "voiceassistant.policy.PolicyMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "conversations.middleware.TimeZoneMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "voiceassistant.urls"
ASGI_APPLICATION = "voiceassistant.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

AUTH_USER_MODEL = "conversations.User"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "talk"
LOGOUT_REDIRECT_URL = "login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
ACCESS_TOKEN_S = env.int("ACCESS_TOKEN_S", default=900, validate=Range(min=1))
API_RATE = env.str(
    "API_RATE",
    default="120/min",
    validate=Regexp(r"(\d+/(s|min|h))?$", error="It must be like 120/min, 5/s or 2000/h."),
)
METRICS_TOKEN = environment.secret(env, "METRICS_TOKEN")

# --- data ---------------------------------------------------------------------------------------
DATABASE_URL = environment.secret(env, "DATABASE_URL", validate=environment.postgres_url)
DATABASE_IS_EMBEDDED = not DATABASE_URL
DATABASE_URL = DATABASE_URL or embedded.database_url(VAR_DIR)
DATABASE_POOL_SIZE = env.int("DATABASE_POOL_SIZE", default=8, validate=Range(min=2))
DATABASES = {"default": dj_database_url.parse(DATABASE_URL)}
DATABASES["default"].setdefault("OPTIONS", {}).update(
    pool={"min_size": 1, "max_size": DATABASE_POOL_SIZE, "timeout": 10},
    connect_timeout=5,
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_HOST = env.str("REDIS_HOST", default="")
REDIS_PORT = env.int("REDIS_PORT", default=6379, validate=Range(1, 65535))
REDIS_PASSWORD = environment.secret(env, "REDIS_PASSWORD")
REDIS_URL = environment.secret(env, "REDIS_URL", validate=environment.redis_url)
if REDIS_HOST and not REDIS_URL:
    REDIS_URL = f"redis://:{quote(REDIS_PASSWORD, safe='')}@{REDIS_HOST}:{REDIS_PORT}/0"
REDIS_IS_EMBEDDED = not REDIS_URL
REDIS_URL = REDIS_URL or embedded.redis_url(VAR_DIR)  # "" where this system has no Redis
CHANNEL_LAYERS = {
    "default": (
        {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            # A time-out of redis-py's own loses cancellations (Python 3.11).
            "CONFIG": {"hosts": [{"address": REDIS_URL, "socket_timeout": None}]},
        }
        if REDIS_URL
        else {"BACKEND": "channels.layers.InMemoryChannelLayer"}
    )
}
CACHES = {
    "default": (
        {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
        }
        if REDIS_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}

# --- background work -----------------------------------------------------------------------------
BACKGROUND_WORKER = env.bool("BACKGROUND_WORKER", default=True)
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""
PROCRASTINATE_IMPORT_PATHS = ["voice.background.standalone"]

# --- language, time, static files ----------------------------------------------------------------
LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "voiceassistant.static.Storage"
    },
}
SERVESTATIC_ALLOW_ALL_ORIGINS = False

# --- the voice pipeline ---------------------------------------------------------------------------
STT_CHAIN = env.list("STT_CHAIN", default=["deepgram", "assemblyai", "offline"])
LLM_CHAIN = env.list("LLM_CHAIN", default=["groq", "openai", "gemini", "offline"])
TTS_CHAIN = env.list(
    "TTS_CHAIN", default=["cartesia", "openai", "deepgram", "elevenlabs", "offline"]
)
SEARCH_CHAIN = ["tavily"]
# A provider without a key is left out of its chain.
PROVIDERS = vendors.read(env)

RESUME_WINDOW_S = env.float("RESUME_WINDOW_S", default=60.0, validate=Range(min=0))
PLAYOUT_LEAD_MS = env.int("PLAYOUT_LEAD_MS", default=600, validate=Range(100, 2000))
SPECULATIONS_MAX = env.int("SPECULATIONS_MAX", default=3, validate=Range(0, 10))
CLEANUP = env.bool("CLEANUP", default=True)
STT_CLEAN = env.bool("STT_CLEAN", default=False)
ECHO_CANCELLER = env.bool("ECHO_CANCELLER", default=False)
SMART_TURN = env.str("SMART_TURN", default="")
FLIGHT_RECORD_DIR = env.str("FLIGHT_RECORD_DIR", default="")
MAX_SESSIONS = env.int("MAX_SESSIONS", default=100, validate=Range(min=1))
MAX_SESSIONS_PER_USER = env.int("MAX_SESSIONS_PER_USER", default=5, validate=Range(min=1))
EMBEDDING_MODEL = env.str("EMBEDDING_MODEL", default="")

# How long a part of the wait for an answer should take at most, at the 95th percentile.
TARGET_HEAR_MS = env.int("TARGET_HEAR_MS", default=200, validate=Range(min=1))
TARGET_FIRST_TOKEN_MS = env.int("TARGET_FIRST_TOKEN_MS", default=500, validate=Range(min=1))
TARGET_VOICE_MS = env.int("TARGET_VOICE_MS", default=300, validate=Range(min=1))
TARGET_TURN_MS = env.int("TARGET_TURN_MS", default=1000, validate=Range(min=1))
PRICES = prices.parse(env.list("PRICES", default=[], validate=prices.check))

# --- the admin ------------------------------------------------------------------------------------
_TEAL = {  # of Tailwind's palette: lightness and chroma in %, hue in degrees
    "50": "98.4% .014 181", "100": "95.3% .051 181", "200": "91% .096 180", "300": "85.5% .138 181",
    "400": "77.7% .152 182", "500": "70.4% .14 183", "600": "51.1% .096 186",
    "700": "43.7% .078 188", "800": "38.6% .063 188", "900": "33% .055 190",
    "950": "27.7% .046 193",
}  # fmt: skip
UNFOLD = {
    "SITE_TITLE": "Voice Assistant",
    "SITE_HEADER": "Voice Assistant",
    "SITE_SYMBOL": "graphic_eq",
    "SIDEBAR": {"navigation": "conversations.admin.navigation.navigation"},
    "COLORS": {"primary": {shade: f"oklch({value})" for shade, value in _TEAL.items()}},
}
