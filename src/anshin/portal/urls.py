"""Addresses of customers' pages, included under /p/<shop>/."""

from django.urls import path

from anshin.portal import accounts, door, home, notices, requests, returns, safety, surveys, terms

app_name = "portal"
urlpatterns = [
    path("", door.home, name="home"),
    path("code", door.code, name="code"),
    path("enter", door.enter, name="enter"),
    path("order-terms", terms.order_terms, name="order_terms"),
    path("leave", door.leave, name="leave"),
    path("notices", notices.notices, name="notices"),
    path("orders/<int:pk>", home.order, name="order"),
    path("returns/new", requests.choose_order, name="request"),
    path("returns/new/<str:nonce>/items", requests.items, name="request_items"),
    path("returns/new/<str:nonce>/reason", requests.reason, name="request_reason"),
    path("returns/new/<str:nonce>/reason/<int:key>", requests.own_reason, name="request_own_reason"),
    path("returns/new/<str:nonce>/photos", requests.photos, name="request_photos"),
    path("returns/new/<str:nonce>/photos/<int:pk>", requests.photo, name="request_photo"),
    path("returns/new/<str:nonce>/wish", requests.wish, name="request_wish"),
    path("returns/<int:number>", returns.returned, name="return"),
    path("returns/<int:number>/account", accounts.account, name="return_account"),
    path("returns/<int:number>/invoices/<int:pk>", returns.invoice, name="return_invoice"),
    path("returns/<int:number>/label", returns.label, name="return_label"),
    path("returns/<int:number>/photos/<int:pk>", returns.photo, name="return_photo"),
    path("safety/<str:token>/", safety.notice, name="safety"),
    path("survey/<str:token>", surveys.survey, name="survey"),
]
