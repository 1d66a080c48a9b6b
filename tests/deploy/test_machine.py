"""What an installation without containers is made of: systemd's units, the proxy, the pooler, PostgreSQL's settings."""

import re

import pytest

from kroi.core.config import Settings
from kroi.db import dialects
from kroi.factory import MOST_BYTES
from scripts import serve
from tests.deploy import commands, images, units
from tests.support.source import ROOT

UNITS = units.services()
FENCES = {
    "ProtectSystem": "strict", "ProtectHome": "yes", "PrivateTmp": "yes", "PrivateDevices": "yes",
    "NoNewPrivileges": "yes", "CapabilityBoundingSet": "", "RestrictNamespaces": "yes", "LockPersonality": "yes",
    "ProtectKernelTunables": "yes", "ProtectKernelModules": "yes", "ProtectControlGroups": "yes",
    "RestrictSUIDSGID": "yes", "SystemCallFilter": "@system-service", "UMask": "0077", "User": "kroi",
}  # fmt: skip


def text(path: str) -> str:
    """A file of deploy/ without its comments."""
    lines = (ROOT / "deploy" / path).read_text(encoding="utf-8").splitlines()
    return "\n".join(re.sub(r"\s#.*|^[#;].*", "", line) for line in lines)


def seconds(words: str) -> int:
    number, unit = re.fullmatch(r"(\d+)(ms|s|m|h|d)", words).groups()  # type: ignore[union-attr]  # it is one
    return int(number) * {"s": 1, "m": 60, "h": 3600, "d": 86_400}[unit]


@pytest.mark.parametrize("name", UNITS)
def test_units_start_what_exists_and_are_fenced_in(name: str) -> None:
    unit = UNITS[name]
    for key in ("Service.ExecStart", "Service.ExecStartPost"):
        if key in unit.keys:
            assert commands.faults(unit.command(key, instance="8000")) == []
    assert {key: unit.keys[f"Service.{key}"] for key in FENCES} == {key: [value] for key, value in FENCES.items()}
    assert unit.one("Service.WorkingDirectory") == units.INSTALLED.rstrip("/")
    assert unit.one("Service.StateDirectory") == "kroi" and unit.one("Service.MemoryMax")
    (guide,) = unit.keys["Unit.Documentation"]
    assert (ROOT / guide.removeprefix(f"file:{units.INSTALLED}")).is_file()


@pytest.mark.parametrize("path", sorted(units.FOLDER.glob("*.timer")), ids=lambda path: path.name)
def test_every_timer_has_its_service(path: object) -> None:
    timer = units.read(path)  # type: ignore[arg-type]  # a path
    assert timer.name.replace(".timer", ".service") in UNITS
    assert re.match(r"\*-\*-\* \d\d(/\d+)?:\d\d:00$", timer.one("Timer.OnCalendar"))


def test_who_is_told_to_stop_has_the_time_to_answer_and_is_gone_within_ten_seconds() -> None:
    unit = UNITS["kroi-web@.service"]
    for words, killed_after in (
        (unit.command(instance="8000"), int(unit.one("Service.TimeoutStopSec"))),
        (images.command("kroi"), seconds(images.services()["web"]["stop_grace_period"])),
        (serve.web_server(8000), serve.PATIENCE),
    ):
        answered_within = int(words[words.index("--workers-kill-timeout") + 1])
        assert Settings().database_pool_timeout < answered_within < min(10, killed_after)


def test_the_proxy_takes_as_much_as_kroi_and_waits_longer_than_the_database() -> None:
    conf = text("proxy/nginx.conf")
    (size,) = re.findall(r"client_max_body_size (\d+)m;", conf)
    assert int(size) * 1024 * 1024 == MOST_BYTES
    (reads,) = re.findall(r"proxy_read_timeout (\w+);", conf)
    assert seconds(reads) > Settings().database_statement_timeout
    for slow in ("client_header_timeout", "client_body_timeout"):
        assert f"{slow} 10s;" in conf
    assert "proxy_request_buffering on;" in conf


def test_the_proxy_sets_what_it_says_of_the_visitor_and_never_appends() -> None:
    conf = text("proxy/nginx.conf")
    assert "$proxy_add_x_forwarded_for" not in conf
    said = dict(re.findall(r"proxy_set_header (\S+) (\S+);", conf))
    assert (said["X-Forwarded-For"], said["X-Forwarded-Proto"]) == ("$remote_addr", "$scheme")
    assert said["X-Forwarded-Host"] == said["Host"] == "$http_host"
    assert conf.count("proxy_set_header") == len(said)  # a location with its own would drop all of these
    assert "Strict-Transport-Security" not in conf  # Kroi says it, once


def test_the_proxy_asks_the_ports_that_the_guide_starts() -> None:
    ports = re.findall(r"server 127\.0\.0\.1:(\d+)", text("proxy/upstream.systemd.conf"))
    guide = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
    assert all(f"kroi-web@{port}" in guide for port in ports) and len(ports) == 2


@pytest.mark.parametrize("where", ["systemd", "compose"])
def test_the_pooler_is_as_patient_as_kroi(where: str) -> None:
    ours = Settings()
    pooler = dict(re.findall(r"^(\w+) = (.*)$", text("pgbouncer/pgbouncer.ini"), re.MULTILINE))
    assert pooler["pool_mode"] == "transaction"
    assert int(pooler["query_wait_timeout"]) == ours.database_pool_timeout
    (told,) = re.findall(r"idle_in_transaction_session_timeout', '(\w+)'", " ".join(dialects.BEGINNINGS))
    (known,) = re.findall(r"idle_in_transaction_session_timeout = (\w+)", text("postgresql/kroi.conf"))
    assert int(pooler["idle_transaction_timeout"]) == seconds(told) == seconds(known)
    databases = text(f"pgbouncer/databases.{where}.ini")
    assert f"statement_timeout = {ours.database_statement_timeout * 1000};" in databases
    most = int(pooler["default_pool_size"]) + int(pooler["reserve_pool_size"])
    (allowed,) = re.findall(r"max_connections = (\d+)", text("postgresql/kroi.conf"))
    assert most * 2 < int(allowed)  # backups, migrations and people want some too
