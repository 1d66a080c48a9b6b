"""The pictures that come out: three widths, two kinds, upright, true in colour, and small."""

import io
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from kroi.catalogue.photos import images, making, rules
from kroi.catalogue.photos.rules import Fault
from kroi.catalogue.photos.store import Folder

pytestmark = pytest.mark.slow

DEMO = Path(__file__).parents[3] / "kroi" / "operations" / "demo" / "pictures"


def _file(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def _halves(width: int, height: int) -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", (width, height), "#d01010")
    image.paste("#1010d0", (width // 2, 0, width, height))
    return image


def _colour(image: Image.Image, x: int = 9, y: int = 9) -> tuple[int, ...]:
    found = image.getpixel((x, y))
    assert isinstance(found, tuple)
    return found


def _made(content: bytes) -> dict[tuple[int, str], Image.Image]:
    pictures = images.pictures(images.read(content))
    return {(width, kind): Image.open(io.BytesIO(body)) for width, kind, body in pictures}


def test_a_photo_comes_in_four_widths_and_two_kinds() -> None:
    made = _made(_file(_halves(2000, 1500)))
    assert {key: picture.size for key, picture in made.items() if key[1] == "webp"} == {
        (480, "webp"): (480, 360),
        (720, "webp"): (720, 540),
        (960, "webp"): (960, 720),
        (1600, "webp"): (1600, 1200),
    }
    assert {picture.format for picture in made.values()} == {"WEBP", "JPEG"}
    assert made[960, "jpg"].info.get("progressive")


def test_a_small_photo_has_all_names_and_is_not_enlarged() -> None:
    made = _made(_file(_halves(700, 525)))
    assert made[480, "jpg"].size == (480, 360)
    assert made[960, "jpg"].size == made[1600, "jpg"].size == (700, 525)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_stands_as_the_camera_was_held(orientation: int) -> None:
    turns = {value: key for key, value in images._TURNS.items()}
    upright = _halves(400, 300)
    back = {
        Image.Transpose.ROTATE_90: Image.Transpose.ROTATE_270,
        Image.Transpose.ROTATE_270: Image.Transpose.ROTATE_90,
    }
    turn = next((turn for turn, value in turns.items() if value == orientation), None)
    stored = upright.transpose(back.get(turn, turn)) if turn is not None else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    photo = images.read(_file(stored, exif=exif.tobytes(), quality=95))
    assert (photo.width, photo.height) == (400, 300)
    left, right = _colour(photo.pixels, 50, 150), _colour(photo.pixels, 350, 150)
    assert left[0] > 150 > left[2] and right[2] > 150 > right[0]


def test_what_is_transparent_is_white() -> None:
    clear = Image.new("RGBA", (400, 300), (255, 0, 0, 0))
    for kind in ("PNG", "WEBP"):
        assert _colour(images.read(_file(clear, kind)).pixels) == (255, 255, 255)
    assert _colour(images.read(_file(clear.quantize(4), "PNG")).pixels) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_way_to_store_colour_is_read(mode: str) -> None:
    grey = Image.new("L", (300, 220), 128)
    image = Image.new("I;16", grey.size, 128 * 257) if mode == "I;16" else grey.convert(mode)
    value = images.read(_file(image, "PNG")).pixels.convert("L").resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    assert value == pytest.approx(128, abs=4)


def test_colours_are_what_their_profile_means() -> None:
    wide = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    plain = images.read(_file(_halves(300, 220), icc_profile=wide.tobytes())).pixels
    assert plain.mode == "RGB" and _colour(plain)[0] > 150  # a profile of the wrong kind is left alone
    inks = images.read(_file(Image.new("CMYK", (300, 220), (0, 255, 255, 0)), "JPEG")).pixels
    assert _colour(inks)[0] > 180 and _colour(inks)[1] < 90


def test_a_huge_jpeg_is_read_at_a_fraction() -> None:
    photo = images.read(_file(Image.new("RGB", (8000, 6000), "#804020"), quality=30))
    assert (photo.width, photo.height) == (8000, 6000)
    assert photo.pixels.size == (1600, 1200)


def test_the_first_card_is_light() -> None:
    for path in sorted(DEMO.glob("*-front.jpg")):
        sizes = {(width, kind): len(body) for width, kind, body in images.pictures(images.read(path.read_bytes()))}
        assert sizes[480, "webp"] < 10_000 and sizes[720, "webp"] < 14_500 and sizes[960, "webp"] < 25_000, path.name


def test_a_photo_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, content = Folder(tmp_path), _file(_halves(700, 525))
    first = making.prepare(folder, 1, content)
    before = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "1").iterdir()}
    monkeypatch.setattr(images, "pictures", lambda photo: pytest.fail("made again"))
    assert making.prepare(folder, 1, content) == first
    assert {path.name: path.stat().st_mtime_ns for path in (tmp_path / "1").iterdir()} == before
    assert before.keys() == set(rules.file_names(first.digest))
    assert (first.width, first.height) == (700, 525)


def test_photos_made_side_by_side_answer_in_their_order(tmp_path: Path) -> None:
    good, source = _file(_halves(300, 220)), tmp_path / "photo.jpg"
    source.write_bytes(_file(_halves(420, 300)))
    made = making.prepare_many(Folder(tmp_path), 1, [good, b"<svg/>", source, good[:1200]])
    assert [getattr(each, "width", each) for each in made] == [300, Fault.NOT_A_PHOTO, 420, Fault.BROKEN]


def test_a_picture_that_fails_half_way_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("kroi.catalogue.photos.store.os.replace", fail)
    with pytest.raises(OSError, match="disk full"):
        Folder(tmp_path).write(1, rules.file_names("a" * 32)[0], b"x")
    assert not list((tmp_path / "1").iterdir())


def test_the_store_writes_only_pictures(tmp_path: Path) -> None:
    for name in ("../x.webp", "a.php", ""):
        with pytest.raises(ValueError, match="picture"):
            Folder(tmp_path).write(1, name, b"x")
    assert not list(tmp_path.iterdir())
