"""Addresses of the register of promoters; `staff.urls` takes them in."""

from django.urls import path

from anshin.staff import promoter_posts, promoters

_PROMOTERS = "s/<slug:shop>/promoters"
_ONE = f"{_PROMOTERS}/<int:pk>"
urlpatterns = [
    path(_PROMOTERS, promoters.promoters, name="promoters"),
    path(f"{_PROMOTERS}.csv", promoters.promoters_csv, name="promoters_csv"),
    path(f"{_PROMOTERS}/add", promoter_posts.add, name="promoter_add"),
    path(f"{_PROMOTERS}/samples.csv", promoters.samples_csv, name="promoter_samples_csv"),
    path(_ONE, promoters.promoter, name="promoter"),
    path(f"{_ONE}/change", promoter_posts.change, name="promoter_change"),
    path(f"{_ONE}/remove", promoter_posts.remove, name="promoter_remove"),
    path(f"{_ONE}/accounts", promoter_posts.account, name="promoter_account"),
    path(f"{_ONE}/accounts/<int:account>/drop", promoter_posts.drop_account, name="promoter_account_drop"),
    path(f"{_ONE}/check", promoter_posts.check, name="promoter_check"),
    path(f"{_ONE}/samples", promoter_posts.sample, name="promoter_sample"),
    path(f"{_ONE}/samples/<int:sample>/post", promoter_posts.post, name="promoter_post"),
]
