"""Help: what each sign means, the keys, and how to do the things that people do here."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from alidade.web.place import has_begun, seat


def show(request: HttpRequest) -> HttpResponse:
    """The page of help; it holds nothing personal and is open to all."""
    if has_begun(request):
        seat(request)
    return render(request, "web/help.html")


urlpatterns = [path("help/", show, name="help")]
