"""Addresses of the practice world, included under /dev/."""

from django.urls import path

from anshin.project.outside import screens

app_name = "outside"
urlpatterns = [
    path("outside", screens.left_mails, name="left_mails"),
    path("outside/write", screens.write, name="write"),
    path("outside/switch", screens.switch, name="switch"),
    path("outside/<int:pk>", screens.left_mail, name="left_mail"),
    path("outside/<int:pk>/bounce", screens.send_bounce, name="send_bounce"),
    path("outside/<int:pk>/automatic", screens.send_automatic, name="send_automatic"),
]
