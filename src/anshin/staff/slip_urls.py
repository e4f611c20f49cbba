"""Addresses of the slips of carriers; `staff.urls` takes them in."""

from django.urls import path

from anshin.staff import slip_files, slip_settings, slips

_SLIPS = "s/<slug:shop>/slips"
urlpatterns = [
    path(f"{_SLIPS}/", slips.slips, name="slips"),
    path(f"{_SLIPS}/check", slips.check, name="slip_check"),
    path(f"{_SLIPS}/write", slips.write, name="slip_write"),
    path(f"{_SLIPS}/mend/<slug:kind>/<int:pk>", slips.mend, name="slip_mend"),
    path(f"{_SLIPS}/files", slip_files.files, name="slip_files"),
    path(f"{_SLIPS}/files/<int:pk>", slip_files.file, name="slip_file"),
    path(f"{_SLIPS}/files/<int:pk>/download", slip_files.download, name="slip_download"),
    path(f"{_SLIPS}/numbers", slip_files.numbers, name="slip_numbers"),
    path(f"{_SLIPS}/numbers/<int:pk>", slip_files.number_file, name="slip_number_file"),
    path("s/<slug:shop>/settings/slips", slip_settings.settings_slips, name="settings_slips"),
    path("s/<slug:shop>/settings/slips/<int:pk>", slip_settings.settings_slips, name="settings_slip"),
    path("s/<slug:shop>/settings/slips/<int:pk>/retire", slip_settings.retire, name="settings_slip_retire"),
]
