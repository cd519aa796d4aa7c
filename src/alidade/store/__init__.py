"""The one place that knows tables, SQL and the ORM, and the one way to read: through a viewer's view.

Importing it sets up the framework, unless a program that stands on the framework has done so already.
"""

import django
from django import conf

from alidade.store import settings as _own

# Not through the environment: that would reach child processes, and a user's own setting there would reach us.
if not conf.settings.configured:
    conf.settings.configure(**{name: getattr(_own, name) for name in dir(_own) if name.isupper()})
    django.setup()
