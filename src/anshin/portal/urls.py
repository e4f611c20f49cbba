"""Addresses of customers' pages, included under /p/<shop>/."""

from django.urls import path

from anshin.portal import door, home, surveys

app_name = "portal"
urlpatterns = [
    path("", door.home, name="home"),
    path("code", door.code, name="code"),
    path("enter", door.enter, name="enter"),
    path("leave", door.leave, name="leave"),
    path("orders/<int:pk>", home.order, name="order"),
    path("survey/<str:token>", surveys.survey, name="survey"),
]
