"""Django's registration of this folder."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "anshin.plumbing.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"
