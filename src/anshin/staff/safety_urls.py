"""Addresses of the product-safety notices; `staff.urls` takes them in."""

from django.urls import path

from anshin.staff import (
    safety,
    safety_facts,
    safety_feeds,
    safety_items,
    safety_posts,
    safety_rehearsal,
    safety_report,
    safety_warning,
    safety_wording,
)

_ALL = "s/<slug:shop>/safety"
_ONE = f"{_ALL}/<slug:key>"
urlpatterns = [
    path(_ALL, safety.safety, name="safety"),
    path(f"{_ALL}/new", safety_facts.new, name="safety_new"),
    path("s/<slug:shop>/c/<int:number>/safety", safety_facts.of_case, name="safety_of_case"),
    path(f"{_ALL}/items", safety_items.items, name="safety_items"),
    path(f"{_ALL}/items/<int:pk>", safety_items.item, name="safety_item"),
    path(f"{_ALL}/items/<int:pk>/draft", safety_items.draft, name="safety_item_draft"),
    path(f"{_ALL}/items/<int:pk>/aside", safety_items.aside, name="safety_item_aside"),
    path(f"{_ALL}/feeds", safety_feeds.feeds, name="safety_feeds"),
    path(f"{_ALL}/feeds/limits", safety_warning.limits, name="safety_limits"),
    path(f"{_ALL}/feeds/new", safety_feeds.new, name="safety_feed_new"),
    path(f"{_ALL}/feeds/<int:pk>", safety_feeds.feed, name="safety_feed"),
    path(f"{_ALL}/feeds/<int:pk>/switch", safety_feeds.switch, name="safety_feed_switch"),
    path(f"{_ALL}/feeds/raw/<int:pk>", safety_feeds.raw, name="safety_feed_raw"),
    path(_ONE, safety.safety_page, name="safety_page"),
    path(f"{_ONE}/progress", safety_report.progress, name="safety_progress"),
    path(f"{_ONE}/report", safety_report.report, name="safety_report"),
    path(f"{_ONE}/report.csv", safety_report.report_csv, name="safety_report_csv"),
    path(f"{_ONE}/report.pdf", safety_report.report_pdf, name="safety_report_pdf"),
    path(f"{_ONE}/facts", safety_facts.facts, name="safety_facts"),
    path(f"{_ONE}/words/<slug:language>", safety_wording.wording, name="safety_wording"),
    path(f"{_ONE}/rehearsal", safety_rehearsal.rehearsal, name="safety_rehearsal"),
    path(f"{_ONE}/products", safety_facts.products, name="safety_products"),
    path(f"{_ONE}/match", safety_posts.match, name="safety_match"),
    path(f"{_ONE}/wide", safety_posts.wide, name="safety_wide"),
    path(f"{_ONE}/approve", safety_posts.approve, name="safety_approve"),
    path(f"{_ONE}/send-back", safety_posts.send_back, name="safety_send_back"),
    path(f"{_ONE}/prepare", safety_posts.prepare, name="safety_prepare"),
    path(f"{_ONE}/people", safety_posts.people, name="safety_people"),
    path(f"{_ONE}/time", safety_posts.move, name="safety_move"),
    path(f"{_ONE}/not-serious", safety_warning.not_serious, name="safety_not_serious"),
    path(f"{_ONE}/reported", safety_warning.reported, name="safety_reported"),
    path(f"{_ONE}/withdraw", safety_posts.withdraw, name="safety_withdraw"),
    path(f"{_ONE}/close", safety_posts.close, name="safety_close"),
    path(f"{_ONE}/reopen", safety_posts.reopen, name="safety_reopen"),
    path(f"{_ONE}/remind", safety_posts.remind, name="safety_remind"),
]
