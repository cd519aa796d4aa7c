"""The one Django application of Alidade, with its one line of migrations."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """Tables of the store."""

    name = "alidade.store"
    label = "store"
