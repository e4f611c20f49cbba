"""Addresses of the mail settings, included under /s/<slug>/settings/mail/."""

from django.urls import path

from anshin.channels.email.screens import consents as consent_screens
from anshin.channels.email.screens import mailboxes as screens
from anshin.channels.email.screens import posts as post_screens
from anshin.channels.email.screens import sending as sending_screens
from anshin.channels.email.screens import sheets as sheet_screens

app_name = "email"
urlpatterns = [
    path("", screens.mailboxes, name="mailboxes"),
    path("new", screens.mailbox, name="mailbox_new"),
    path("new/test", screens.test_mailbox, name="mailbox_new_test"),
    path("spam", screens.spam, name="spam"),
    path("waiting", screens.waiting, name="waiting"),
    path("waiting/<int:arrival_id>/again", screens.try_again, name="try_again"),
    path("sheet", sheet_screens.first_sheet, name="sheets"),
    path("<int:mailbox_id>/sheet", sheet_screens.sheet, name="sheet"),
    path("<int:mailbox_id>/compare", sheet_screens.compare, name="compare"),
    path("<int:mailbox_id>/comparison", sheet_screens.comparison, name="comparison"),
    path("<int:mailbox_id>", screens.mailbox, name="mailbox"),
    path("<int:mailbox_id>/test", screens.test_mailbox, name="mailbox_test"),
    path("<int:mailbox_id>/connect", consent_screens.connect, name="connect"),
    path("<int:mailbox_id>/connect/app", consent_screens.register, name="register"),
    path("<int:mailbox_id>/connect/go", consent_screens.go, name="connect_go"),
    path("<int:mailbox_id>/connect/forget", consent_screens.forget, name="connect_forget"),
    path("<int:mailbox_id>/sending", sending_screens.sending, name="sending"),
    path("<int:mailbox_id>/sending/test", sending_screens.send_test, name="send_test"),
    path("<int:mailbox_id>/addresses/new", sending_screens.alias, name="alias_new"),
    path("<int:mailbox_id>/addresses/<int:alias_id>", sending_screens.alias, name="alias"),
    path("<int:mailbox_id>/addresses/<int:alias_id>/remove", sending_screens.remove_alias, name="alias_remove"),
    path("<int:mailbox_id>/posts", post_screens.post_addresses, name="post_addresses"),
    path("<int:mailbox_id>/posts/<int:address_id>/close", post_screens.close_post_address, name="post_address_close"),
    path("<int:mailbox_id>/ledger", screens.ledger, name="ledger"),
]
