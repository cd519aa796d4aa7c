"""The application of the pages."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages of Alidade."""

    name = "alidade.web"
    label = "web"
