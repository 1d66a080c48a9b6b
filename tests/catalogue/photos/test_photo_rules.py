"""Names, limits and the cover of a car's photos."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kroi.catalogue.photos import rules
from kroi.catalogue.photos.rules import Fault


@dataclass(frozen=True)
class Shape:
    """A photo's size, as the rules see it."""

    width: int
    height: int


WIDE, TALL, SQUARE = Shape(1200, 900), Shape(900, 1200), Shape(900, 900)


@pytest.mark.parametrize(
    ("photos", "cover"),
    [
        ([], None),
        ([TALL], TALL),
        ([TALL, WIDE], WIDE),
        ([SQUARE, TALL], SQUARE),
        ([WIDE, TALL, Shape(800, 600)], WIDE),
    ],
)
def test_the_cover_is_the_first_landscape_photo_else_the_first(photos: list[Shape], cover: Shape | None) -> None:
    assert rules.cover(photos) == cover


def test_the_same_content_has_the_same_name_and_other_content_another() -> None:
    assert rules.digest(b"a") == rules.digest(b"a") != rules.digest(b"b")
    assert all(rules.is_file_name(name) for name in rules.file_names(rules.digest(b"a")))
    assert len(set(rules.file_names(rules.digest(b"a")))) == 7


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "../kroi.sqlite3",
        "..%2f..%2fetc%2fpasswd",
        "/etc/passwd",
        "C:\\boot.ini",
        "car.jpg",
        "-480.webp",
        f"{'a' * 32}-480.webp\n",
        f"{'a' * 32}-480.webp\0.jpg",
        f"{'a' * 32}-480.webp/",
        f"{'a' * 32}-480.php",
        f"{'a' * 32}-480.jpg.php",
        f"{'a' * 32}-481.jpg",
        f"{'a' * 32}-０480.jpg",
        f"{'A' * 32}-480.jpg",
        f"{'g' * 32}-480.jpg",
        f"{'a' * 31}-480.jpg",
        f"../{'a' * 32}-480.jpg",
        f"{'a' * 32}-{'4' * 100_000}.jpg",
    ],
)
def test_nothing_else_is_the_name_of_a_picture(name: str) -> None:
    assert not rules.is_file_name(name)


@given(width=st.integers(200, 20_000), height=st.integers(200, 20_000), most=st.sampled_from(rules.WIDTHS))
def test_a_picture_is_never_enlarged_and_keeps_its_shape(width: int, height: int, most: int) -> None:
    made = rules.fitted(width, height, most)
    assert made[0] == min(width, most)
    assert abs(made[1] - height * made[0] / width) <= 1


@given(width=st.integers(200, 12_000), height=st.integers(200, 12_000))
def test_a_large_photo_is_read_smaller_but_never_too_small(width: int, height: int) -> None:
    if rules.fault_of_shape("JPEG", width, height):
        return
    fraction = rules.decoding_fraction(width, height)
    assert width * height / fraction**2 <= rules.MOST_PIXELS_DECODED
    assert width / fraction >= 1000 or fraction == 1


@pytest.mark.parametrize(
    ("kind", "width", "height", "clear", "fault"),
    [
        ("JPEG", 4000, 3000, False, None),
        ("JPEG", 8900, 6700, False, None),
        ("JPEG", 9000, 7000, False, Fault.TOO_LARGE),
        ("PNG", 4032, 3024, False, None),
        ("PNG", 4032, 3024, True, Fault.TOO_LARGE),
        ("WEBP", 3264, 2448, False, None),
        ("WEBP", 4000, 3000, False, Fault.TOO_LARGE),
        ("AVIF", 417, 555, False, None),
        ("JPEG", 199, 500, False, Fault.TOO_SMALL),
        ("JPEG", 700, 200, False, Fault.TOO_NARROW),
    ],
)
def test_limits_depend_on_what_a_decoder_needs(
    kind: str, width: int, height: int, clear: bool, fault: Fault | None
) -> None:
    assert rules.fault_of_shape(kind, width, height, clear=clear) == fault
    assert rules.fault_of_shape(kind, height, width, clear=clear) == fault


def test_a_jpeg_in_layers_is_held_whole_so_fewer_pixels_are_read() -> None:
    assert rules.fault_of_layers(1, 100_000_000) is None
    assert rules.fault_of_layers(10, 50_000_000) is None
    assert rules.fault_of_layers(10, 60_000_000) is Fault.TOO_LARGE
    assert rules.fault_of_layers(65, 1_000) is Fault.BROKEN
