"""A passkey in a real browser, with Chromium's virtual authenticator: made, used instead of the password, removed."""

from __future__ import annotations

from tests.staff.test_desk_browser import (  # noqa: F401  fixtures
    _database_for_threads,
    address,
    chromium,
    expect,
    pytestmark,
    server,
)

PASSWORD = "mizuiro-no-tegami-7"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_a_passkey_is_made_and_leads_in_without_a_password(chromium, address, agent):  # noqa: F811
    agent.person.set_password(PASSWORD)
    agent.person.save()
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.set_default_timeout(8000)
    refused = []
    page.on("console", lambda said: refused.append(said.text) if "Content Security Policy" in said.text else None)
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    device = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]

    def has_signed_out():
        context.clear_cookies()
        page.goto(f"{address}/account/login/")

    page.goto(f"{address}/account/login/")
    page.locator("summary").click()
    page.fill("[name=login]", agent.person.email)
    page.fill("[name=password]", PASSWORD)
    page.click("button.btn-primary")
    page.wait_for_url("**/inbox/**")
    page.goto(f"{address}/account/factor/passkeys/new/")
    page.click("form[data-passkey] button")
    page.wait_for_url("**/factor/codes/")
    expect(page.locator(".factor-codes li")).to_have_count(10)
    assert len(devtools.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]) == 1

    has_signed_out()
    page.locator("summary").click()
    page.click("form[data-passkey=sign-in] button")
    page.wait_for_url("**/inbox/**")

    has_signed_out()
    page.locator("summary").click()
    page.fill("[name=login]", agent.person.email)
    page.fill("[name=password]", PASSWORD)
    page.click("form:not([data-passkey]) button.btn-primary")
    page.wait_for_url("**/factor/enter/")
    page.click("form[data-passkey=get] button")
    page.wait_for_url("**/inbox/**")

    has_signed_out()
    devtools.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    page.locator("summary").click()
    page.click("form[data-passkey=sign-in] button")
    expect(page.locator("[data-passkey-failed]")).to_be_visible()
    assert page.url.startswith(f"{address}/account/login/")
    assert refused == []
    context.close()
