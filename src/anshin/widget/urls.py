"""Addresses for shops' own pages, included under /notices/v1/."""

from django.urls import path

from anshin.widget import views

app_name = "widget"
urlpatterns = [
    path("products/<path:product>", views.notices, name="notices"),
    path("notice.js", views.script, name="script"),
]
