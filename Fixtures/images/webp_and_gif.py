"""The WebP and GIF files of make.py, and what they must decode to.

WebP: Pillow encodes the frames and is the reference for lossy ones; containers are put together here.
GIF: written byte by byte here; what it must decode to is what was put in, and Pillow must agree.
"""

import io
import struct

import numpy as np
from PIL import Image, ImageOps

from common import FOLDER, over_white, picture, write_ppm

# WebP


def chunk(name, data):
    return name + struct.pack("<I", len(data)) + data + bytes(len(data) % 2)


def riff(*chunks):
    body = b"WEBP" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def size24(number):
    return struct.pack("<I", number)[:3]


def extended(width, height, flags):
    header = bytes([flags, 0, 0, 0]) + size24(width - 1) + size24(height - 1)
    return chunk(b"VP8X", header)


ALPHA, EXIF, ANIMATION = 0x10, 0x08, 0x02


def frame_of(image, **options):
    """The chunks that hold the pixels: ALPH and VP8, VP8, or VP8L."""
    buffer = io.BytesIO()
    image.save(buffer, "WEBP", method=6, exact=True, **options)
    data = buffer.getvalue()
    position, chunks = 12, b""
    while position < len(data):
        end = position + 8 + struct.unpack_from("<I", data, position + 4)[0]
        end += end % 2
        if data[position : position + 4] != b"VP8X":
            chunks += data[position:end]
        position = end
    return chunks


def flattened(image):
    if image.mode == "RGB":
        return np.asarray(image)
    pixels = np.asarray(image.convert("RGBA")).astype(np.int64)
    return over_white(pixels[..., :3], pixels[..., 3])


def write_webp(name, data):
    (FOLDER / f"{name}.webp").write_bytes(data)
    image = Image.open(io.BytesIO(data))
    write_ppm(name, flattened(ImageOps.exif_transpose(image)))


def translucent(width, height):
    alpha = np.linspace(0, 255, width * height).reshape(height, width).astype(np.uint8)
    alpha[: height // 4] = 0
    return Image.fromarray(np.dstack([picture(width, height), alpha]), "RGBA")


def animation(name, width, height, frames):
    """Frames are (x, y, image, options); what is expected is the first one on a white canvas."""
    chunks = [extended(width, height, ANIMATION | ALPHA),
              chunk(b"ANIM", struct.pack("<IH", 0xFF0000FF, 0))]
    for x, y, image, options in frames:
        place = size24(x // 2) + size24(y // 2) + size24(image.width - 1) + size24(image.height - 1)
        chunks.append(chunk(b"ANMF", place + size24(100) + b"\0" + frame_of(image, **options)))
    data = riff(*chunks)
    (FOLDER / f"{name}.webp").write_bytes(data)
    x, y, image, options = frames[0]
    flags = ALPHA if image.mode == "RGBA" else 0
    still = riff(extended(image.width, image.height, flags), frame_of(image, **options))
    expected = np.full((height, width, 3), 255, np.uint8)
    expected[y : y + image.height, x : x + image.width] = flattened(Image.open(io.BytesIO(still)))
    write_ppm(name, expected)


def make_webps():
    write_webp("webp-lossy", riff(frame_of(Image.fromarray(picture(48, 40)), quality=80)))
    write_webp("webp-lossy-odd", riff(frame_of(Image.fromarray(picture(37, 23)), quality=80)))
    write_webp("webp-lossless", riff(frame_of(Image.fromarray(picture(25, 19)), lossless=True)))
    indexed = Image.fromarray(picture(25, 19)).quantize(6, dither=Image.Dither.NONE).convert("RGB")
    write_webp("webp-lossless-palette", riff(frame_of(indexed, lossless=True)))
    alpha = translucent(24, 20)
    write_webp("webp-lossless-alpha", riff(frame_of(alpha, lossless=True)))
    lossy = frame_of(alpha, quality=80)
    write_webp("webp-lossy-alpha", riff(extended(24, 20, ALPHA), lossy))
    write_webp("webp-trailing-bytes", riff(frame_of(Image.fromarray(picture(9, 7)))) + bytes(21))
    small = frame_of(Image.fromarray(picture(11, 6)), lossless=True)
    for orientation in range(1, 9):
        tiff = struct.pack("<2sHIHHHIHHI", b"II", 42, 8, 1, 0x112, 3, 1, orientation, 0, 0)
        data = riff(extended(11, 6, EXIF), small, chunk(b"EXIF", tiff))
        write_webp(f"webp-orientation-{orientation}", data)
    prefixed = struct.pack(">6s2sHIHHHIHHI", b"Exif", b"MM", 42, 8, 1, 0x112, 3, 1, 6, 0, 0)
    data = riff(extended(11, 6, EXIF), small, chunk(b"ODD!", b"odd"), chunk(b"EXIF", prefixed))
    write_webp("webp-orientation-prefixed", data)
    first, second = picture(12, 10), Image.fromarray(picture(30, 24)[::-1])
    animation("webp-animated", 30, 24, [(6, 4, Image.fromarray(first), {"quality": 80}),
                                        (0, 0, second, {"quality": 80})])
    animation("webp-animated-alpha", 30, 24, [(0, 8, translucent(30, 10), {"lossless": True}),
                                              (2, 2, translucent(9, 9), {"quality": 80})])
    large = riff(frame_of(Image.fromarray(picture(416, 312)), quality=50))
    (FOLDER / "large.webp").write_bytes(large)


# GIF


def lzw(indices, code_size):
    """GIF's LZW without a table that fills up: it is cleared in time."""
    clear = 1 << code_size
    codes, width, table = [(clear, code_size + 1)], code_size + 1, {}
    prefix = ()
    for index in map(int, indices):
        longer = prefix + (index,)
        if len(longer) == 1 or longer in table:
            prefix = longer
            continue
        codes.append((table.get(prefix, prefix[0]), width))
        table[longer] = clear + 2 + len(table)
        if table[longer] == 1 << width and width < 12:
            width += 1
        if len(table) == 4000:
            codes.append((clear, width))
            width, table = code_size + 1, {}
        prefix = (index,)
    codes += [(table.get(prefix, prefix[0]), width), (clear + 1, width)]
    number, length = 0, 0
    for code, bits in codes:
        number |= code << length
        length += bits
    data = number.to_bytes((length + 7) // 8, "little")
    blocks = [data[i : i + 255] for i in range(0, len(data), 255)]
    return bytes([code_size]) + b"".join(bytes([len(b)]) + b for b in blocks) + b"\0"


def table_flags(palette):
    return 0 if palette is None else 0x80 | (len(palette).bit_length() - 2)


def table_bytes(palette):
    return b"" if palette is None else palette.astype(np.uint8).tobytes()


def screen(width, height, palette, version=b"89a"):
    return (b"GIF" + version + struct.pack("<HHBBB", width, height, table_flags(palette), 1, 0)
            + table_bytes(palette))


def control(transparent=None):
    index = 0 if transparent is None else transparent
    return struct.pack("<BBBBHBB", 0x21, 0xF9, 4, int(transparent is not None), 10, index, 0)


def gif_frame(indices, x=0, y=0, palette=None, interlaced=False, code_size=8):
    height, width = indices.shape
    rows = list(range(height))
    if interlaced:
        rows = [*rows[::8], *rows[4::8], *rows[2::4], *rows[1::2]]
    flags = table_flags(palette) | (0x40 if interlaced else 0)
    return (struct.pack("<BHHHHB", 0x2C, x, y, width, height, flags) + table_bytes(palette)
            + lzw(indices[rows].reshape(-1), code_size))


def colours(count, shift=0):
    index = np.arange(count) + shift
    return np.stack([index * 67 % 256, 255 - index * 29 % 256, index * 151 % 256], axis=-1)


def indexed(width, height, count):
    """A pattern of all colours that is not symmetric and compresses."""
    return (picture(width, height).astype(np.int64).sum(axis=-1) // 9) % count


def write_gif(name, data, indices, palette, place=(0, 0), size=None, transparent=None):
    (FOLDER / f"{name}.gif").write_bytes(data)
    (x, y), (height, width) = place, indices.shape
    full_width, full_height = size or (width, height)
    expected = np.full((full_height, full_width, 3), 255, np.uint8)
    shown = indices != transparent
    known = np.vstack([palette, np.zeros((256 - len(palette), 3), np.int64)])
    expected[y : y + height, x : x + width][shown] = known[indices][shown]
    write_ppm(name, expected)
    peer = flattened(Image.open(io.BytesIO(data)).convert("RGBA"))
    # Pillow paints what lies outside the frame black or in the background colour.
    assert (peer[y : y + height, x : x + width] == expected[y : y + height, x : x + width]).all(), name


def make_gifs():
    end = b"\x3B"
    sixteen, few = colours(16), indexed(13, 11, 16)
    plain = screen(13, 11, sixteen, b"87a") + gif_frame(few, code_size=4) + end
    write_gif("gif-87a", plain, few, sixteen)
    write_gif("gif-trailing-bytes", plain + bytes(9), few, sixteen)
    many, all_colours = indexed(48, 40, 256), colours(256)
    remarks = (b"\x21\xFE\x05hello\0" + b"\x21\xFF\x0BNETSCAPE2.0\x03\x01\0\0\0" + control())
    data = screen(48, 40, all_colours) + remarks + gif_frame(many) + end
    write_gif("gif-89a", data, many, all_colours)
    data = screen(48, 40, all_colours) + gif_frame(many, interlaced=True) + end
    write_gif("gif-interlaced", data, many, all_colours)
    two, bits = colours(2), indexed(9, 5, 2)
    write_gif("gif-two-colours", screen(9, 5, two) + gif_frame(bits, code_size=2) + end, bits, two)
    local = colours(16, 5)
    data = screen(13, 11, None) + gif_frame(few, palette=local, code_size=4) + end
    write_gif("gif-local-table", data, few, local)
    data = screen(13, 11, sixteen) + gif_frame(few, palette=local, code_size=4) + end
    write_gif("gif-both-tables", data, few, local)
    data = screen(13, 11, sixteen) + control(3) + gif_frame(few, code_size=4) + end
    write_gif("gif-transparent", data, few, sixteen, transparent=3)
    # Tables that lack the transparent colour are common.
    lacking = np.where(few > 7, 9, few)
    data = screen(13, 11, colours(8)) + control(9) + gif_frame(lacking, code_size=4) + end
    write_gif("gif-transparent-outside-table", data, lacking, colours(8), transparent=9)
    frame = gif_frame(few, 5, 3, interlaced=True, code_size=4)
    data = screen(24, 17, sixteen) + control(7) + frame + end
    write_gif("gif-offset", data, few, sixteen, (5, 3), (24, 17), transparent=7)
    data = screen(8, 6, sixteen) + gif_frame(few, 2, 1, code_size=4) + end
    write_gif("gif-beyond-screen", data, few, sixteen, (2, 1), (15, 12))
    data = screen(0, 0, sixteen) + gif_frame(few, code_size=4) + end
    write_gif("gif-no-screen", data, few, sixteen)
    second = gif_frame(few[::-1, ::-1], palette=local, interlaced=True, code_size=4)
    data = (screen(13, 11, sixteen) + remarks + control(2) + gif_frame(few, code_size=4)
            + control() + second + b"\x21\xFE\x03end\0" + end)
    write_gif("gif-animated", data, few, sixteen, transparent=2)
