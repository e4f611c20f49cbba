"""Addresses of the frame itself: the switches for language and theme."""

from django.urls import path
from django.views.i18n import set_language

from anshin.plumbing.pages import views

app_name = "pages"
urlpatterns = [
    path("language", set_language, name="set_language"),
    path("theme", views.set_theme, name="set_theme"),
]
