"""Addresses of the desk. Everything of a shop lies under /s/<shop>/."""

from django.urls import path

from anshin.staff import case_page, case_posts, files, inbox, orders

app_name = "staff"
_CASE = "s/<slug:shop>/c/<int:number>"
urlpatterns = [
    path("", inbox.home, name="home"),
    path("switch", inbox.switch_shop, name="switch_shop"),
    path("s/<slug:shop>/inbox/<slug:view>", inbox.inbox, name="inbox"),
    path("s/<slug:shop>/inbox/<slug:view>/bulk", inbox.bulk, name="bulk"),
    path(_CASE, case_page.case, name="case"),
    path(f"{_CASE}/reply", case_posts.reply, name="reply"),
    path(f"{_CASE}/reply/draft", case_posts.reply_draft, name="reply_draft"),
    path(f"{_CASE}/note", case_posts.note, name="note"),
    path(f"{_CASE}/note/draft", case_posts.note_draft, name="note_draft"),
    path(f"{_CASE}/upload", case_posts.upload, name="upload"),
    path(f"{_CASE}/assign", case_posts.assign, name="assign"),
    path(f"{_CASE}/snooze", case_posts.snooze, name="snooze"),
    path(f"{_CASE}/close", case_posts.close, name="close"),
    path(f"{_CASE}/reopen", case_posts.reopen, name="reopen"),
    path(f"{_CASE}/status", case_posts.status, name="status"),
    path(f"{_CASE}/tag", case_posts.tag, name="tag"),
    path(f"{_CASE}/untag", case_posts.untag, name="untag"),
    path(f"{_CASE}/orders", case_posts.link_order, name="link_order"),
    path(f"{_CASE}/orders/<int:order_id>/confirm", case_posts.confirm_order, name="confirm_order"),
    path(f"{_CASE}/orders/<int:order_id>/unlink", case_posts.unlink_order, name="unlink_order"),
    path(f"{_CASE}/merge", case_posts.merge, name="merge"),
    path(f"{_CASE}/split", case_posts.split, name="split"),
    path(f"{_CASE}/presence", case_posts.presence, name="presence"),
    path("s/<slug:shop>/orders", orders.orders, name="orders"),
    path("s/<slug:shop>/orders/<int:pk>", orders.order, name="order"),
    path("s/<slug:shop>/customers", orders.customers, name="customers"),
    path("s/<slug:shop>/customers/<int:pk>", orders.customer, name="customer"),
    path("s/<slug:shop>/draft-files/<int:file_id>/drop", case_posts.drop_file, name="drop_file"),
    path("s/<slug:shop>/files/<int:pk>", files.attachment, name="attachment"),
    path("s/<slug:shop>/files/<int:pk>/small", files.attachment_thumb, name="attachment_thumb"),
    path("s/<slug:shop>/messages/<int:pk>/raw", files.message_raw, name="message_raw"),
    path("s/<slug:shop>/messages/<int:pk>/html", files.message_html, name="message_html"),
    path("s/<slug:shop>/messages/<int:pk>/retry", files.message_retry, name="message_retry"),
    path("s/<slug:shop>/messages/<int:pk>/undo", files.message_take_back, name="message_take_back"),
]
