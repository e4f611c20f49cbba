"""What deploy/ hands out fits the program: its settings exist, its commands exist, its probes are answered."""

import ipaddress
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.urls import resolve

from anshin.project.__main__ import COMMANDS
from anshin.project.environment import VARIABLES

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
KNOWN = {each.name for each in VARIABLES}
MANIFESTS = list(yaml.safe_load_all((DEPLOY / "kubernetes" / "anshin.yaml").read_text()))
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
PODS = {
    each["metadata"]["name"]: each["spec"]["template"]["spec"] for each in MANIFESTS if each["kind"] == "Deployment"
}
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))


@pytest.mark.parametrize("path", [path for path in sorted(DEPLOY.rglob("*")) if path.is_file()], ids=lambda p: p.name)
def test_every_setting_that_is_named_exists(path):
    named = set(re.findall(r"\b(?:ANSHIN_[A-Z_]+|DATABASE_URL(?:_FILE)?)\b", path.read_text()))
    assert {name.removesuffix("_FILE") for name in named} <= KNOWN


def test_compose_runs_two_of_each_and_shares_files_and_settings():
    services = COMPOSE["services"]
    ours = {name: each for name, each in services.items() if each.get("image") == "anshin"}
    assert set(ours) == {"web-1", "web-2", "worker-1", "worker-2"}
    for each in ours.values():
        assert each["volumes"] == ["data:/data"]
        assert each["read_only"] is True
        assert each["environment"]["ANSHIN_JOBS"] == "celery"
        assert set(each["secrets"]) <= set(COMPOSE["secrets"])
        assert each.get("command", ["serve"])[0] in COMMANDS


def test_probes_ask_addresses_that_exist_and_ports_that_are_open():
    for name, pod in PODS.items():
        [container] = pod["containers"]
        ports = {port["name"] for port in container["ports"]}
        for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
            if asked := container.get(probe, {}).get("httpGet"):
                assert resolve(asked["path"]).url_name in {"health_live", "health_ready"}
                assert asked["port"] in ports, name


def test_pods_have_no_rights_and_mount_what_they_name():
    assert set(PODS) == {"anshin-web", "anshin-worker"}
    for pod in PODS.values():
        [container] = pod["containers"]
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert container["securityContext"]["readOnlyRootFilesystem"] is True
        assert {each["name"] for each in container["volumeMounts"]} == {each["name"] for each in pod["volumes"]}


def test_pods_connect_to_what_is_named_and_to_nothing_else_inside():
    [policy] = [each["spec"] for each in MANIFESTS if each["kind"] == "NetworkPolicy"]
    labels = policy["podSelector"]["matchLabels"].items()
    pods = [each["spec"]["template"] for each in MANIFESTS if each["kind"] == "Deployment"]
    assert all(labels <= pod["metadata"]["labels"].items() for pod in pods)
    assert policy["policyTypes"] == ["Egress"]
    blocks = [place["ipBlock"] for rule in policy["egress"] for place in rule["to"] if "ipBlock" in place]
    left_out = [ipaddress.ip_network(each) for block in blocks for each in block.get("except", [])]
    for address in ("10.1.2.3", "172.20.0.1", "192.168.1.1", "127.0.0.1", "169.254.169.254", "100.100.100.200"):
        assert any(ipaddress.ip_address(address) in net for net in left_out), address
    assert all("ports" in rule for rule in policy["egress"] if any("ipBlock" in place for place in rule["to"]))


def test_the_image_takes_its_libraries_by_hash_and_runs_as_nobody():
    words = (DEPLOY / "Containerfile").read_text()
    installed = re.findall(r"pip install (.*)", words)
    assert all("--require-hashes" in each or "--no-deps" in each for each in installed)
    assert re.findall(r"^USER (.*)$", words, re.MULTILINE) == ["10001:10001"]


def test_the_proxy_leaves_streams_alone_and_keeps_figures_inside():
    words = (DEPLOY / "nginx.conf").read_text()
    stream = re.search(r"location ~ (\S+) \{(.*?)\}", words, re.DOTALL)
    assert re.match(stream[1], "/s/komorebi/live")
    assert "proxy_buffering off" in stream[2]
    assert "location = /metrics { return 404; }" in words


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_systemd_understands_the_units(unit, tmp_path):
    words = re.sub(r"^(User|Group)=.*\n", "", unit.read_text(), flags=re.MULTILINE)
    assert words.split("ExecStart=")[1].split()[1] in COMMANDS
    copy = tmp_path / unit.name.replace("@", "@1")
    copy.write_text(words.replace("/srv/anshin/app/anshin", "/bin/true"))
    command = ["systemd-analyze", "verify", str(copy)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_image_loses_only_what_nothing_loads(tmp_path):
    site = tmp_path / "lib" / "python3.11" / "site-packages"
    kept = [
        "scipy/linalg/basic.py", "django/conf/locale/ja/formats.py", "django/conf/locale/zh_Hans/formats.py",
        "django/test/client.py", "botocore/data/s3/2006-03-01/service-2.json", "botocore/data/endpoints.json",
        "phonenumbers/data/region_JP.py",
    ]  # fmt: skip
    gone = [
        "scipy/linalg/tests/test_basic.py", "django/conf/locale/fr/formats.py", "botocore/data/ec2/2016/service-2.json",
        "phonenumbers/geodata/data0.py", "pip/__init__.py",
    ]  # fmt: skip
    for name in kept + gone:
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text("x")
    subprocess.run([sys.executable, str(DEPLOY / "slim.py"), str(tmp_path)], check=True)
    assert sorted(str(file.relative_to(site)) for file in site.rglob("*") if file.is_file()) == sorted(kept)
    built, _, image = (DEPLOY / "Containerfile").read_text().rpartition("\nFROM ")
    assert built.index("deploy/slim.py") < built.index("compileall")
    assert "pip" not in image
