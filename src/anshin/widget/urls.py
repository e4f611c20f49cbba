"""Addresses for shops' own pages, included under /notices/v1/."""

from django.urls import path

from anshin.widget import feeds, views

app_name = "widget"
urlpatterns = [
    path("products/<path:product>", views.notices, name="notices"),
    path("<slug:shop>/feed.json", feeds.json_feed, name="json_feed"),
    path("<slug:shop>/pictures/<int:number>-<int:version>.jpg", views.picture, name="picture"),
    path("<slug:shop>/feed.xml", feeds.rss_feed, name="rss_feed"),
    path("notice.js", views.script, name="script"),
]
