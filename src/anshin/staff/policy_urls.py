"""Addresses of the policy of returns; `staff.urls` takes them in."""

from django.urls import path

from anshin.staff import policies, policy_editor, policy_simulator

_POLICY = "s/<slug:shop>/settings/policy"
urlpatterns = [
    path(_POLICY, policies.policies, name="policies"),
    path(f"{_POLICY}/new", policies.new, name="policy_new"),
    path(f"{_POLICY}/notice", policies.notice, name="policy_notice"),
    path(f"{_POLICY}/<int:pk>", policy_editor.policy, name="policy"),
    path(f"{_POLICY}/<int:pk>/preview", policy_editor.preview, name="policy_preview"),
    path(f"{_POLICY}/<int:pk>/shown", policies.shown, name="policy_shown"),
    path(f"{_POLICY}/<int:pk>/texts", policies.texts, name="policy_texts"),
    path(f"{_POLICY}/<int:pk>/compare", policies.compare, name="policy_compare"),
    path(f"{_POLICY}/<int:pk>/simulator", policy_simulator.simulator, name="policy_simulator"),
    path(f"{_POLICY}/<int:pk>/withdraw", policies.withdraw, name="policy_withdraw"),
    path(f"{_POLICY}/<int:pk>/remove", policies.remove, name="policy_remove"),
]
