"""Alert rules and dashboard ask for metrics that exist, by labels that they have."""

import json
import re
from typing import Any

import pytest
import yaml

from kroi.operations.metrics import rules
from kroi.operations.metrics.rules import Kind
from tests.support.source import ROOT

KNOWN = {metric.name: metric for metric in (*rules.COUNTED, *rules.SEEN)}
HISTOGRAMS = tuple(metric.name for metric in KNOWN.values() if metric.kind is Kind.HISTOGRAM)
VALUES = {"event", "outcome", "result", "state"}
ALERTS: list[dict[str, Any]] = [
    rule
    for group in yaml.safe_load((ROOT / "deploy" / "alerts.yml").read_text(encoding="utf-8"))["groups"]
    for rule in group["rules"]
]
PANELS: list[dict[str, Any]] = json.loads((ROOT / "deploy" / "grafana-dashboard.json").read_text(encoding="utf-8"))[
    "panels"
]
ASKED = {each["alert"]: each["expr"] for each in ALERTS} | {
    f"{panel['title']} {target['refId']}": target["expr"] for panel in PANELS for target in panel["targets"]
}


def base(name: str) -> str:
    """The metric that a sample belongs to."""
    found = re.sub(r"_(bucket|sum|count)$", "", name)
    return found if found in HISTOGRAMS else name


@pytest.mark.parametrize("what", ASKED)
def test_every_metric_that_is_asked_for_exists(what: str) -> None:
    names = set(re.findall(r"\b(kroi_\w+)", ASKED[what]))
    assert {base(name) for name in names} <= KNOWN.keys()
    assert names or "up{" in ASKED[what]


@pytest.mark.parametrize("what", ASKED)
def test_it_asks_by_labels_that_the_metric_has(what: str) -> None:
    for name, selector in re.findall(r"\b(kroi_\w+)\{([^}]*)\}", ASKED[what]):
        assert set(re.findall(r"(\w+)=", selector)) <= {*KNOWN[base(name)].labels, "le"}
    grouped = {word for words in re.findall(r"by \(([^)]*)\)", ASKED[what]) for word in re.split(r",\s*", words)}
    labels = {label for name in re.findall(r"\b(kroi_\w+)", ASKED[what]) for label in KNOWN[base(name)].labels}
    assert grouped <= labels | {"le"}


def test_every_alert_says_how_bad_it_is_and_what_to_do() -> None:
    for rule in ALERTS:
        assert rule["labels"]["severity"] in ("warning", "critical")
        assert rule["annotations"]["summary"] and rule["annotations"]["advice"]
    assert len({rule["alert"] for rule in ALERTS}) == len(ALERTS)


def test_every_metric_is_on_the_dashboard() -> None:
    shown = {base(name) for expression in ASKED.values() for name in re.findall(r"\b(kroi_\w+)", expression)}
    assert shown == KNOWN.keys()


def test_labels_that_are_filtered_by_are_values_that_are_said() -> None:
    said = (ROOT / "kroi" / "operations" / "metrics" / "readings.py").read_text(encoding="utf-8")
    for expression in ASKED.values():
        for label, word in re.findall(r'(\w+)="(\w+)"', expression):
            assert label not in VALUES or f'"{word}"' in said, f"{label}={word} is never said"


def test_panels_do_not_lie_on_one_another() -> None:
    places = {
        (panel["gridPos"]["x"] + x, panel["gridPos"]["y"] + y)
        for panel in PANELS
        for x in range(panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["h"])
    }
    assert len(places) == sum(panel["gridPos"]["w"] * panel["gridPos"]["h"] for panel in PANELS)
    assert all(panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24 for panel in PANELS)
