"""The application that a server process serves. All rooms are loaded before it takes its first request."""

import os
import threading
from importlib import import_module

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alidade.web.settings")

application = get_wsgi_application()
# The framework would load the rooms, and the science that they compute with, while the first officer waits.
_ROOMS = get_resolver().url_patterns


def _load_late() -> None:
    """What rooms load only where they need it, loaded while nobody waits for it."""
    for name in ("alidade.matching.comparison", "alidade.matching.suggest", "alidade.network.routes"):
        import_module(name)


threading.Thread(target=_load_late, name="late imports", daemon=True).start()
