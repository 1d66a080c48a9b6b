"""docker-compose.yml and the Dockerfile name only what exists, hold no secret, and give nobody more than they need."""

import re
from pathlib import Path
from typing import Any

import pytest

from kroi.core.config import READERS, Settings
from kroi.notifications.worker.rules import MARK
from scripts import make_env
from tests.deploy import commands, images
from tests.deploy.images import compose, filled, inherited, services, stages
from tests.support.source import ROOT

OWN = sorted(name for name, each in services().items() if "build" in each)
SERVED = {
    "proxy": (80, 443),
    "web": (8000,),
    "web2": (8000,),
    "postgres": (5432,),
    "pgbouncer": (6432,),
    "valkey": (6379,),
}
WRITTEN = {"KROI_INSTANCE", *(name.upper() for name in READERS)}


def written_env(tmp_path: Path, *options: str) -> dict[str, str]:
    """What scripts/make_env.py writes."""
    path = tmp_path / ".env"
    assert make_env.main(["https://cars.example.com", "--into", str(path), *options]) == 0
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    return dict(line.split("=", 1) for line in lines)


def of_kroi(service: dict[str, Any]) -> bool:
    return service.get("image") == "kroi"


def test_everything_that_production_needs_is_there() -> None:
    assert {"proxy", "web", "worker", "postgres", "pgbouncer", "valkey", "backup", "migrate"} <= services().keys()


@pytest.mark.parametrize("name", services())
def test_nobody_has_rights_or_room_without_end(name: str) -> None:
    found = services()[name]
    assert found["read_only"] and found["cap_drop"] == ["ALL"] and found["user"] == "10001:10001"
    assert found["security_opt"] == ["no-new-privileges:true"]
    assert all(found[bound] for bound in ("mem_limit", "cpus", "pids_limit", "restart", "healthcheck"))
    assert found["logging"]["options"]["max-size"]


def test_only_the_proxys_ports_are_open() -> None:
    assert {name: each["ports"] for name, each in services().items() if "ports" in each} == {
        "proxy": ["80:80", "443:443"]
    }
    for each in compose("docker-compose.dev.yml")["services"].values():
        assert all(port.startswith("127.0.0.1:") for port in each.get("ports", []))


def test_no_secret_stands_in_the_file() -> None:
    for name, service in services().items():
        for key, value in service.get("environment", {}).items():
            assert not re.search(r"://[^/@$]*:[^$/@]+@", value), f"{name}: {key}"
            if re.search(r"PASSWORD|SECRET|TOKEN|AUTH", key):
                assert re.fullmatch(r"\$\{\w+(:[-?][^}]*)?\}", value), f"{name}: {key}"


@pytest.mark.parametrize("name", [name for name, each in services().items() if of_kroi(each)])
def test_the_settings_exist_and_are_good_ones_with_the_file_that_make_env_writes(name: str, tmp_path: Path) -> None:
    given = services()[name]["environment"]
    assert set(given) <= WRITTEN
    written = written_env(tmp_path)
    values = {key: filled(value, written) for key, value in given.items()}
    settings = Settings.from_env(values, instance=tmp_path / "instance")
    assert settings.production and settings.secure_cookies and settings.trusted_proxies == 1
    for url in (settings.database_url, settings.direct_database_url, settings.redis_url):
        found = re.search(r"@([a-z]+):(\d+)(/|$)", str(url))
        assert found and int(found.group(2)) in SERVED[found.group(1)]


def test_make_env_keeps_the_file_that_is_there_and_shows_it_to_nobody(tmp_path: Path) -> None:
    first = written_env(tmp_path)
    assert make_env.main(["https://cars.example.com", "--into", str(tmp_path / ".env")]) == 1
    assert (tmp_path / ".env").stat().st_mode & 0o777 == 0o600
    assert first["SECRET_KEY"] in (tmp_path / ".env").read_text(encoding="utf-8")


def test_the_file_for_systemd_is_a_good_one(tmp_path: Path) -> None:
    settings = Settings.from_env(written_env(tmp_path, "--systemd"), instance=tmp_path / "instance")
    assert settings.production and settings.trusted_proxies == 1


@pytest.mark.parametrize("name", services())
def test_who_is_waited_for_says_when_they_are_ready(name: str) -> None:
    for other, how in services()[name].get("depends_on", {}).items():
        waited = services()[other]
        if how["condition"] == "service_healthy":
            assert "test" in waited["healthcheck"]
        else:
            assert how["condition"] == "service_completed_successfully" and waited["restart"] == "on-failure"


@pytest.mark.parametrize("name", OWN)
def test_images_are_built_of_what_is_in_the_repository(name: str) -> None:
    build = services()[name]["build"]
    assert (ROOT / build["dockerfile"]).is_file() and build["target"] in stages()
    assert inherited(build["target"], "USER")[-1] == "10001:10001"
    for line in inherited(build["target"], "COPY") + stages()["packages"].all("COPY"):
        source = line.split()[-2]
        if "--from=" in line:
            assert re.match(r"--from=(\w+) ", line).group(1) in stages()  # type: ignore[union-attr]  # it matches
        else:
            assert (ROOT / source).exists(), source
            assert f"!{source.partition('/')[0]}" in (ROOT / ".dockerignore").read_text(encoding="utf-8")


def test_bases_are_named_by_release_and_packages_by_hash() -> None:
    for stage in stages().values():
        assert stage.base in stages() or re.fullmatch(r"[a-z]+:[\w.-]*trixie[\w-]*", stage.base)
    (install,) = [line for line in stages()["packages"].all("RUN") if "pip install" in line]
    assert "--require-hashes" in install
    for name, each in compose()["services"].items():
        assert "build" in each or re.fullmatch(r"[a-z/]+:\d+[\w.-]*", each["image"]), name


@pytest.mark.parametrize("name", OWN)
def test_every_command_exists(name: str) -> None:
    found = services()[name]
    target = found["build"]["target"]
    started = found.get("command") or images.command(target)
    assert commands.faults(started) == []
    check = found["healthcheck"].get("test")
    assert check is None or check[0] == "CMD-SHELL" or commands.faults(check[1:]) == []
    ports = {int(port) for line in inherited(target, "EXPOSE") for port in line.split()}
    assert set(SERVED.get(name, ())) <= ports


def test_the_workers_health_is_the_file_that_it_touches() -> None:
    (_shell, line) = services()["worker"]["healthcheck"]["test"]
    assert f"{services()['worker']['environment']['KROI_INSTANCE']}/{MARK} " in line


def test_volumes_and_networks_are_declared_and_folders_are_there() -> None:
    for name, each in services().items():
        for volume in each.get("volumes", []):
            source = volume.partition(":")[0]
            assert source in compose()["volumes"] or source == "./deploy/tls", f"{name}: {source}"
        assert set(each["networks"]) <= set(compose()["networks"])
    assert compose()["networks"]["inside"]["internal"]


def test_the_proxy_asks_the_web_servers_by_the_addresses_that_they_have() -> None:
    upstream = (ROOT / "deploy" / "proxy" / "upstream.compose.conf").read_text(encoding="utf-8")
    given = [f"{services()[name]['networks']['inside']['ipv4_address']}:8000" for name in ("web", "web2")]
    assert re.findall(r"^\s+server (\S+)", upstream, re.MULTILINE) == given
