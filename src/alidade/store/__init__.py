"""The one place that knows tables, SQL and the ORM, and the one way to read: through a viewer's view.

Importing it sets up the framework, unless a program that stands on the framework has done so already.
"""

import os

import django
from django.conf import settings

if not settings.configured and "DJANGO_SETTINGS_MODULE" not in os.environ:
    os.environ["DJANGO_SETTINGS_MODULE"] = "alidade.store.settings"
    django.setup()
