"""Makes the images in this folder and, as .ppm beside them, what they must decode to.

    python3 make.py        (Pillow 10 or later, NumPy)

JPEG: Pillow is the reference. PNG: written byte by byte here, and what they must decode to is
computed from the samples by the rules of the PNG specification. WebP and GIF: webp_and_gif.py.
Deterministic; the bytes of JPEG and WebP depend on the version of Pillow's encoders.
"""

import io
import struct
import zlib

import numpy as np
from PIL import Image, ImageOps

from common import FOLDER, over_white, picture, write_ppm
from webp_and_gif import make_gifs, make_webps


# JPEG


def jpeg_bytes(image, **options):
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", **options)
    return buffer.getvalue()


def write_jpeg(name, data):
    (FOLDER / f"{name}.jpg").write_bytes(data)
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    write_ppm(name, np.asarray(image.convert("RGB")))


def ycck(rgb):
    """Photoshop's YCCK: inverted inks, of which the first three are stored as YCbCr."""
    ycc = np.asarray(Image.fromarray(255 - rgb).convert("YCbCr"))
    black = np.full(rgb.shape[:2], 200, np.uint8)
    stored = np.dstack([ycc, black])
    # Pillow inverts CMYK when it writes it.
    data = jpeg_bytes(Image.fromarray(255 - stored, "CMYK"), quality=92)
    adobe = data.index(b"Adobe", data.index(b"\xff\xee"))
    return data[: adobe + 11] + b"\x02" + data[adobe + 12 :]


def make_jpegs():
    rgb = picture(48, 40)
    image = Image.fromarray(rgb)
    baseline = jpeg_bytes(image, quality=85)
    write_jpeg("baseline", baseline)
    write_jpeg("full-chroma", jpeg_bytes(image, quality=85, subsampling=0))
    write_jpeg("progressive", jpeg_bytes(image, quality=85, progressive=True))
    write_jpeg("restarts", jpeg_bytes(image, quality=85, restart_marker_blocks=2))
    write_jpeg("grey", jpeg_bytes(image.convert("L"), quality=85))
    inks = 255 - np.dstack([rgb, np.full(rgb.shape[:2], 215, np.uint8)])
    write_jpeg("cmyk", jpeg_bytes(Image.fromarray(inks, "CMYK"), quality=92))
    write_jpeg("ycck", ycck(rgb))
    write_jpeg("one-pixel", jpeg_bytes(Image.fromarray(rgb[:1, :1]), quality=85))
    # A file with rubbish behind its end, as cameras write it.
    write_jpeg("trailing-bytes", baseline + bytes(100))
    small = Image.fromarray(picture(20, 12))
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x010F] = "fixture"
        exif[0x0112] = orientation
        write_jpeg(f"orientation-{orientation}", jpeg_bytes(small, quality=90, exif=exif))
    big_endian = b"Exif\0\0MM\0*\0\0\0\x08\0\1" + struct.pack(">HHIHHI", 0x112, 3, 1, 6, 0, 0)
    write_jpeg("orientation-big-endian", jpeg_bytes(small, quality=90, exif=big_endian))
    photo = Image.fromarray(picture(416, 312))
    for name, progressive in (("large", False), ("large-progressive", True)):
        data = jpeg_bytes(photo, quality=60, progressive=progressive)
        (FOLDER / f"{name}.jpg").write_bytes(data)


# PNG

PASSES = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
          (0, 1, 1, 2)]


def pack_rows(samples, depth):
    """Rows of samples [height, width, channels] with filter type 0."""
    rows = []
    for row in samples:
        values = row.reshape(-1)
        if depth == 16:
            data = values.astype(">u2").tobytes()
        elif depth == 8:
            data = values.astype(np.uint8).tobytes()
        else:
            bits = "".join(format(int(value), f"0{depth}b") for value in values)
            bits += "0" * (-len(bits) % 8)
            data = bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits), 8))
        rows.append(b"\0" + data)
    return b"".join(rows)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_bytes(samples, colour, depth, interlaced, extra=b"", trailing=b""):
    height, width, _ = samples.shape
    if interlaced:
        parts = [samples[y::dy, x::dx] for x, y, dx, dy in PASSES]
        data = b"".join(pack_rows(part, depth) for part in parts if part.size)
    else:
        data = pack_rows(samples, depth)
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, int(interlaced))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra
            + chunk(b"IDAT", zlib.compress(data, 9)) + trailing + chunk(b"IEND", b""))


def to_eight_bits(samples, depth):
    return np.rint(samples.astype(np.float64) * 255 / (2**depth - 1)).astype(np.int64)


def samples_of(colour, depth, width=11, height=7):
    rgb = picture(width, height).astype(np.int64)
    grey = rgb.mean(axis=-1, keepdims=True).astype(np.int64)
    alpha = np.linspace(0, 255, width * height).reshape(height, width, 1).astype(np.int64)
    eight = {0: grey, 2: rgb, 3: grey, 4: np.dstack([grey, alpha]), 6: np.dstack([rgb, alpha])}
    if depth == 16:
        # Low bytes of their own, so that rounding to 8 bits shows.
        low = (np.arange(eight[colour].size) * 37 % 256).reshape(eight[colour].shape)
        return eight[colour] * 256 + low
    return eight[colour] >> (8 - depth)


def make_png(name, samples, colour, depth, extra, rgb, alpha):
    opaque = np.full(rgb.shape[:2], 255)
    write_ppm(name, over_white(rgb, opaque if alpha is None else alpha))
    for interlaced in (False, True):
        data = png_bytes(samples, colour, depth, interlaced, extra)
        (FOLDER / f"{name}{'-interlaced' if interlaced else ''}.png").write_bytes(data)


def make_palette(name, depth, with_alpha):
    samples = samples_of(3, depth)
    count = 2**depth
    index = np.arange(count)
    palette = np.stack([index * 255 // (count - 1), 255 - index * 200 // (count - 1),
                        index * 91 % 256], axis=-1)
    extra = chunk(b"PLTE", palette.astype(np.uint8).tobytes())
    alpha = None
    if with_alpha:
        # A short table: the colours behind its end are opaque.
        table = (index * 53 % 256).astype(np.uint8)[: max(count // 2, 1)]
        extra += chunk(b"tRNS", table.tobytes())
        alpha = np.concatenate([table, np.full(count - len(table), 255)])[samples[..., 0]]
    make_png(name, samples, 3, depth, extra, palette[samples[..., 0]], alpha)


def make_keyed(name, samples, colour, depth, colours):
    """One colour is transparent."""
    key = samples[2, 3]
    extra = chunk(b"tRNS", b"".join(struct.pack(">H", int(value)) for value in key))
    alpha = np.where((samples == key).all(axis=-1), 0, 255)
    make_png(name, samples, colour, depth, extra, colours, alpha)


def make_pngs():
    for colour, depths in {0: (1, 2, 4, 8, 16), 2: (8, 16), 4: (8, 16), 6: (8, 16)}.items():
        for depth in depths:
            samples = samples_of(colour, depth)
            eight = to_eight_bits(samples, depth)
            colours = eight[..., :3] if colour & 2 else eight[..., :1].repeat(3, axis=-1)
            alpha = eight[..., -1] if colour & 4 else None
            make_png(f"png-{colour}-{depth}", samples, colour, depth, b"", colours, alpha)
            if not colour & 4:
                make_keyed(f"png-{colour}-{depth}-key", samples, colour, depth, colours)
    for depth in (1, 2, 4, 8):
        make_palette(f"png-3-{depth}", depth, False)
        make_palette(f"png-3-{depth}-alpha", depth, True)


def make_animated_png():
    """APNG: two frames, of which a decoder that knows nothing of them shows the first."""
    first, second = picture(11, 7), picture(11, 7)[::-1]
    control = struct.pack(">IIIIIHHBB", 0, 11, 7, 0, 0, 1, 10, 0, 0)
    before = chunk(b"acTL", struct.pack(">II", 2, 0)) + chunk(b"fcTL", control)
    data = struct.pack(">I", 2) + zlib.compress(pack_rows(second, 8), 9)
    after = chunk(b"fcTL", struct.pack(">I", 1) + control[4:]) + chunk(b"fdAT", data)
    (FOLDER / "animated.png").write_bytes(png_bytes(first, 2, 8, False, before, after))
    write_ppm("animated", first)


if __name__ == "__main__":
    for kind in ("png", "jpg", "webp", "gif", "ppm"):
        for old in FOLDER.glob(f"*.{kind}"):
            old.unlink()
    make_jpegs()
    make_pngs()
    make_animated_png()
    make_webps()
    make_gifs()
