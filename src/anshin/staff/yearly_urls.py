"""Addresses of the figures over years; `staff.urls` takes them in."""

from django.urls import path

from anshin.staff import yearly

_YEARLY = "s/<slug:shop>/yearly"
urlpatterns = [
    path(f"{_YEARLY}", yearly.yearly, name="yearly"),
    path(f"{_YEARLY}.csv", yearly.yearly_csv, name="yearly_csv"),
    path(f"{_YEARLY}.svg", yearly.yearly_svg, name="yearly_svg"),
    path(f"{_YEARLY}/notes", yearly.note, name="yearly_note"),
    path(f"{_YEARLY}/notes/<int:pk>/remove", yearly.remove_note, name="yearly_note_remove"),
    path(f"{_YEARLY}/ledgers", yearly.ledgers, name="yearly_ledgers"),
    path(f"{_YEARLY}/ledgers/<int:pk>", yearly.ledger, name="yearly_ledger"),
    path(f"{_YEARLY}/ledgers/<int:pk>/take-back", yearly.take_back, name="yearly_ledger_take_back"),
    path(f"{_YEARLY}/ledgers/<int:pk>/read-again", yearly.read_again, name="yearly_ledger_read_again"),
]
