"""The application that a server process serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alidade.web.settings")

application = get_wsgi_application()
