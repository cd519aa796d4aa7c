"""What the framework must know to serve the store alone. Each store registers its own database when it is opened."""

INSTALLED_APPS = ["alidade.store.apps.StoreConfig"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
# No web part is built on these settings; a key is demanded all the same, and nothing is ever signed with it.
SECRET_KEY = "unused"  # noqa: S105
