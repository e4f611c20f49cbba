"""Addresses of the practice world, included under /dev/outside."""

from django.urls import path

from anshin.project.outside import screens

app_name = "outside"
urlpatterns = [
    path("", screens.left_mails, name="left_mails"),
    path("/write", screens.write, name="write"),
    path("/switch", screens.switch, name="switch"),
    path("/<int:pk>", screens.left_mail, name="left_mail"),
    path("/<int:pk>/bounce", screens.send_bounce, name="send_bounce"),
    path("/<int:pk>/automatic", screens.send_automatic, name="send_automatic"),
]
