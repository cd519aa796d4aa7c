"""The framework as the pages and the API run on it, set up once for every test before the store is imported.

The settings make a key file where the node lies; here that is a folder that the test run throws away.
"""

from __future__ import annotations

import atexit
import importlib
import os
import shutil
import tempfile
from pathlib import Path

import django
from django.conf import settings

HOME = Path(tempfile.mkdtemp(prefix="alidade-tests-"))


def set_up() -> None:
    """Configure the framework with the settings of the pages; accounts lie in a folder of this run."""
    if settings.configured:
        return
    atexit.register(shutil.rmtree, HOME, ignore_errors=True)
    before = {name: os.environ.get(name) for name in ("ALIDADE_HOME", "ALIDADE_PLAIN_HTTP", "ALIDADE_HOSTS")}
    os.environ.update(ALIDADE_HOME=str(HOME), ALIDADE_PLAIN_HTTP="1", ALIDADE_HOSTS="testserver,127.0.0.1,localhost")
    try:
        found = importlib.import_module("alidade.web.settings")
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
    settings.configure(**{name: getattr(found, name) for name in dir(found) if name.isupper()})
    django.setup()
