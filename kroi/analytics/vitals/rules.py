"""What a browser measured, read from what anybody may have sent, and what is quick enough (web.dev/articles/vitals)."""

import enum
import math
from collections.abc import Mapping
from dataclasses import dataclass


class Metric(enum.StrEnum):
    """What is measured: the largest paint, the slowest answer to a touch or key, how far things moved."""

    LCP = "lcp"
    INP = "inp"
    CLS = "cls"


@dataclass(frozen=True)
class Scale:
    """A metric's buckets and bounds, in its unit: ms, and thousandths for shifts. What is above `most` counts there."""

    step: int
    most: int
    good: int
    poor: int


SCALES: Mapping[Metric, Scale] = {
    Metric.LCP: Scale(step=50, most=10_000, good=2_500, poor=4_000),
    Metric.INP: Scale(step=8, most=2_000, good=200, poor=500),
    Metric.CLS: Scale(step=5, most=1_000, good=100, poor=250),
}
_IN_UNITS = {Metric.CLS: 1000}


class Grade(enum.StrEnum):
    """How three of four visits or more were."""

    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"


def read(sent: Mapping[str, str]) -> dict[Metric, int]:
    """Bucket by metric of what a browser said; what is no measure is as if it were not there."""
    found = {metric: _bucket(metric, sent.get(metric.value, "")) for metric in Metric}
    return {metric: bucket for metric, bucket in found.items() if bucket is not None}


def _bucket(metric: Metric, raw: str) -> int | None:
    try:
        value = float(raw[:40]) * _IN_UNITS.get(metric, 1)
    except ValueError:
        return None
    if not math.isfinite(value) or value < 0:
        return None
    scale = SCALES[metric]
    return int(min(value, scale.most)) // scale.step


def value(metric: Metric, bucket: int) -> int:
    """The upper end of a bucket, in the metric's unit: no visit is made out quicker than it was."""
    return (bucket + 1) * SCALES[metric].step if bucket else 0


def grade(metric: Metric, measured: int) -> Grade:
    """Good, fair or poor, by the bounds that search engines use."""
    scale = SCALES[metric]
    return Grade.GOOD if measured <= scale.good else Grade.FAIR if measured <= scale.poor else Grade.POOR
