"""A setting that makes no sense is named in one sentence, not in a traceback."""

import os
import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("mistake", "named"),
    [
        ({"ANSHIN_SIGN_IN_WITH": "facebook"}, "knows google, microsoft and oidc, not facebook"),
        ({"ANSHIN_SIGN_IN_WITH": "google"}, "ANSHIN_GOOGLE_CLIENT_ID"),
        ({"ANSHIN_SIGN_IN_WITH": "oidc"}, "ANSHIN_OIDC_ISSUER"),
        ({"ANSHIN_PROXIES": "one"}, "ANSHIN_PROXIES must be a whole number"),
        ({"ANSHIN_INSIDE_NETWORKS": "10.0.0.0/99"}, "ANSHIN_INSIDE_NETWORKS"),
    ],
)
def test_a_mistake_is_said_in_a_sentence(tmp_path, mistake, named):
    plain = {name: value for name, value in os.environ.items() if not name.startswith("ANSHIN_")}
    ended = subprocess.run(
        [sys.executable, "-m", "anshin.project", "second-factor-off", "nobody@mail.example"],
        env=plain | {"ANSHIN_DATA": str(tmp_path)} | mistake,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 2
    assert named in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "docs/operators/settings.md" in ended.stderr
