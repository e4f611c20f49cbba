"""Django's registration of the project: at start it fills the sockets."""

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "anshin.project"
    label = "project"

    def ready(self) -> None:
        from anshin.project import wiring

        wiring.fill_sockets()
