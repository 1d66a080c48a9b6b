"""Pixels: an untrusted file becomes pictures of our own, in four widths, with nothing but the picture in them."""

import io
import logging
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, ImageCms, ImageFile

from kroi.catalogue.photos import rules
from kroi.catalogue.photos.rules import Fault

# For the whole process: a picture that unpacks to absurd sizes is an error, and so is one that was cut short.
Image.MAX_IMAGE_PIXELS = max(rules.MOST_PIXELS.values())
ImageFile.LOAD_TRUNCATED_IMAGES = False
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)
logging.getLogger("PIL").setLevel(logging.INFO)  # below that it prints what cameras and people wrote into a photo

FORMATS = ("JPEG", "PNG", "WEBP", "AVIF")
JPEG_QUALITY = 76
# Per width: the encoder's effort, the qualities to try, best first, and the bytes at which a WebP is small enough.
# More effort saves 3 % and doubles the time; only the pictures of the listing are worth it.
WEBP_WAYS = {
    480: (4, (74, 62, 50), 18_000),
    720: (4, (74, 62), 36_000),
    960: (2, (74, 62), 90_000),
    1600: (2, (74,), 0),
}

_SRGB = ImageCms.createProfile("sRGB")
_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class Unusable(Exception):
    """This file is not a photo that can be used; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True)
class Upright:
    """A photo as a person sees it: its original `width` and `height`, and its pixels at most 1600 wide."""

    width: int
    height: int
    pixels: Image.Image


def read(content: bytes) -> Upright:
    """The photo in this file, upright, in sRGB, on white, without any metadata; raises Unusable."""
    _refuse(rules.fault_of_weight(len(content)))
    image = _opened(content)
    try:
        return _decoded(image, content)
    except Unusable:
        raise
    except Exception as error:  # a hostile file makes decoders raise anything at all
        raise Unusable(Fault.BROKEN) from error


def size(content: bytes) -> tuple[int, int]:
    """Upright width and height of a photo that was read before, from its first bytes."""
    image = _opened(content)
    return image.size if _orientation(image) < 5 else image.size[::-1]


def pictures(photo: Upright) -> Iterator[tuple[int, str, bytes]]:
    """Every picture of the photo as (width it is named by, kind, bytes), from the widest down."""
    pixels = photo.pixels
    for width in reversed(rules.WIDTHS):
        size = rules.fitted(photo.width, photo.height, width)
        if size != pixels.size:
            pixels = pixels.resize(size, Image.Resampling.LANCZOS)
        yield width, "webp", _webp(pixels, width)
        if "jpg" in rules.kinds(width):
            yield width, "jpg", _saved(pixels, "JPEG", quality=JPEG_QUALITY, progressive=True, optimize=True)


def picture(photo: Upright, width: int) -> bytes:
    """One picture of the photo as WebP, `width` (one of the usual) pixels wide at most."""
    size = rules.fitted(photo.width, photo.height, width)
    pixels = photo.pixels if size == photo.pixels.size else photo.pixels.resize(size, Image.Resampling.LANCZOS)
    return _webp(pixels, width)


def _refuse(fault: Fault | None) -> None:
    if fault:
        raise Unusable(fault)


def _opened(content: bytes) -> ImageFile.ImageFile:
    try:
        return Image.open(io.BytesIO(content), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Unusable(Fault.TOO_LARGE) from error
    except Exception as error:  # by content only: whatever is not one of the four is not a photo
        raise Unusable(Fault.NOT_A_PHOTO) from error


def _decoded(image: ImageFile.ImageFile, content: bytes) -> Upright:
    kind = "JPEG" if image.format == "MPO" else str(image.format)  # some phones put two JPEGs into one file
    _refuse(rules.fault_of_shape(kind, *image.size, clear=image.has_transparency_data))
    orientation = _orientation(image)  # after the shape: in a PNG it stands behind the pixels
    width, height = image.size if orientation < 5 else image.size[::-1]
    if kind == "JPEG":
        _refuse(rules.fault_of_layers(content.count(b"\xff\xda"), _samples(image)))
        fraction = rules.decoding_fraction(width, height)
        image.draft(None, (image.width // fraction, image.height // fraction))
    image.load()
    small = _shrunk(image, width, height, orientation)
    return Upright(width, height, _flat(_in_srgb(small)))


def _orientation(image: Image.Image) -> int:
    """How the camera was held, 1 (upright) to 8; from 5 on it lay on its side."""
    try:
        value = image.getexif().get(_ORIENTATION, 1)
    except Exception:  # broken EXIF, whatever it raises, is no reason to refuse a photo
        return 1
    return value if value in _TURNS else 1


def _samples(image: Image.Image) -> int:
    """Pixels times channels, counting a channel that is stored coarser for what it is."""
    layers: list[tuple[int, int, int, int]] = getattr(image, "layer", [])
    finest = max((wide * high for _, wide, high, _ in layers), default=1) or 1
    return image.width * image.height * sum(wide * high for _, wide, high, _ in layers) // finest


def _shrunk(image: Image.Image, width: int, height: int, orientation: int) -> Image.Image:
    """Upright and at most 1600 wide, in a mode that can be averaged."""
    if image.mode == "I;16":  # 16-bit greys, which a plain conversion would clip to white
        image = image.convert("I").point(lambda grey: grey * (1 / 256)).convert("L")
    if image.mode not in ("RGB", "RGBA", "CMYK", "L"):
        image = image.convert("RGBA" if image.has_transparency_data else "RGB" if image.mode == "P" else "L")
    size = rules.fitted(width, height, rules.WIDTHS[-1])
    stored = size if orientation < 5 else size[::-1]
    if stored != image.size:
        image = image.resize(stored, Image.Resampling.LANCZOS, reducing_gap=2.0)
    return image.transpose(_TURNS[orientation]) if orientation in _TURNS else image


def _in_srgb(image: Image.Image) -> Image.Image:
    """The colours as the file's own profile means them, where it has a readable one."""
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in ("RGB", "RGBA", "CMYK"):
        return image
    mode = "RGB" if image.mode == "CMYK" else image.mode
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(image, own, _SRGB, outputMode=mode) or image
    except Exception:  # a broken profile, whatever it raises, costs some colour and not the photo
        return image


def _flat(image: Image.Image) -> Image.Image:
    """On white, in a picture made from nothing: what the file said beside its pixels stays behind."""
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image.convert("RGB"), mask=image.getchannel("A") if image.mode == "RGBA" else None)
    return paper


def _webp(pixels: Image.Image, width: int) -> bytes:
    effort, qualities, enough = WEBP_WAYS[width]
    made = b""
    for quality in qualities:
        made = _saved(pixels, "WEBP", quality=quality, method=effort)
        if len(made) <= enough:
            break
    return made


def _saved(pixels: Image.Image, kind: str, **options: int) -> bytes:
    buffer = io.BytesIO()
    pixels.save(buffer, kind, **options)
    return buffer.getvalue()
