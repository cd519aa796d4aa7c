"""Rooms: one module for each group of pages. A module's `urlpatterns` are its addresses; urls.py collects them."""
