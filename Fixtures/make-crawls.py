#!/usr/bin/env python3
"""Makes the small crawls in Fixtures/crawls, byte for byte the same each time.

    Fixtures/make-crawls.py            writes them
    Fixtures/make-crawls.py --check    compares them with what it would write; exit 1 where they differ

Only Python's standard library is used, and of it nothing whose output depends on the version: the
images are encoded, the archives and the random numbers are made here. The pictures are drawings of
this script, free for any use.
"""

import filecmp
import hashlib
import json
import os
import shutil
import struct
import sys
import tempfile
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
EDGE = 48

COLOURS = {
    "red": (214, 40, 40), "green": (42, 157, 70), "blue": (38, 84, 200), "yellow": (250, 205, 40),
    "orange": (244, 130, 40), "purple": (130, 60, 170), "black": (20, 20, 20), "pink": (245, 150, 180),
}
BACKGROUNDS = {"white": (255, 255, 255), "grey": (190, 190, 190), "beige": (235, 220, 190)}


class Random:
    """SplitMix64: the same numbers in every version of Python."""

    def __init__(self, seed):
        self.state = seed

    def below(self, bound):
        mask = (1 << 64) - 1
        self.state = (self.state + 0x9E3779B97F4A7C15) & mask
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        return (z ^ (z >> 31)) % bound

    def choice(self, items):
        return items[self.below(len(items))]


# Drawings: whether the pixel (x, y), measured from the centre in units of the radius, is inside.

def circle(x, y):
    return x * x + y * y <= 1


def ring(x, y):
    return 0.36 <= x * x + y * y <= 1


def square(x, y):
    return abs(x) <= 0.9 and abs(y) <= 0.9


def triangle(x, y):
    return -0.9 <= y <= 0.9 and abs(x) <= (y + 0.9) / 1.8


def cross(x, y):
    return max(abs(x), abs(y)) <= 1 and min(abs(x), abs(y)) <= 0.3


def diamond(x, y):
    return abs(x) + abs(y) <= 1


SHAPES = {f.__name__: f for f in (circle, ring, square, triangle, cross, diamond)}


def draw(shape, colour, background, centres, radius):
    """Rows of RGB tuples."""
    inside = SHAPES[shape]

    def pixel(px, py):
        hit = any(inside((px - cx) / radius, (py - cy) / radius) for cx, cy in centres)
        return COLOURS[colour] if hit else BACKGROUNDS[background]

    return [[pixel(x, y) for x in range(EDGE)] for y in range(EDGE)]


def png(rows):
    """PNG with a palette of 16 colours and stored (not compressed) data."""
    palette = sorted({p for row in rows for p in row})

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    raw = b""
    for row in rows:
        indices = [palette.index(p) for p in row]
        raw += b"\0" + bytes(a << 4 | b for a, b in zip(indices[::2], indices[1::2]))
    stored = b"\x78\x01\x01" + struct.pack("<HH", len(raw), len(raw) ^ 0xFFFF) + raw
    stored += struct.pack(">I", zlib.adler32(raw))
    header = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 4, 3, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
            + chunk(b"PLTE", bytes(v for p in palette for v in p))
            + chunk(b"IDAT", stored) + chunk(b"IEND", b""))


# round(cos((2x+1)u pi/16) * 4096 * (sqrt(1/2) if u == 0 else 1) / 2), written out so that no
# floating point is involved.
COSINES = [
    [1448, 1448, 1448, 1448, 1448, 1448, 1448, 1448],
    [2009, 1703, 1138, 400, -400, -1138, -1703, -2009],
    [1892, 784, -784, -1892, -1892, -784, 784, 1892],
    [1703, -400, -2009, -1138, 1138, 2009, 400, -1703],
    [1448, -1448, -1448, 1448, 1448, -1448, -1448, 1448],
    [1138, -2009, 400, 1703, -1703, -400, 2009, -1138],
    [784, -1892, 1892, -784, -784, 1892, -1892, 784],
    [400, -1138, 1703, -2009, 2009, -1703, 1138, -400],
]
ZIGZAG = sorted(range(64), key=lambda i: (i // 8 + i % 8, i // 8 if (i // 8 + i % 8) % 2 else i % 8))
QUANTISER = 12


def jpeg(rows):
    """Baseline JPEG, 4:4:4. All Huffman codes of one table have the same length."""

    def segment(marker, data):
        return b"\xff" + bytes([marker]) + struct.pack(">H", len(data) + 2) + data

    dc_symbols = list(range(12))
    ac_symbols = [0x00, 0xF0] + [run << 4 | size for run in range(16) for size in range(1, 11)]

    def table(kind, length, symbols):
        counts = [len(symbols) if i + 1 == length else 0 for i in range(16)]
        return segment(0xC4, bytes([kind]) + bytes(counts) + bytes(symbols))

    bits = []

    def put(value, length):
        bits.extend((value >> i) & 1 for i in reversed(range(length)))

    def put_value(value):
        size = abs(value).bit_length()
        put(value if value > 0 else value + (1 << size) - 1, size)

    def transformed(block):
        if all(v == block[0] for v in block):
            first = (block[0] * 8 * 2 + QUANTISER) // (2 * QUANTISER)
            return [first] + [0] * 63
        half = [[sum(COSINES[u][x] * block[8 * y + x] for x in range(8)) for u in range(8)]
                for y in range(8)]
        result = []
        for v in range(8):
            for u in range(8):
                total = sum(COSINES[v][y] * half[y][u] for y in range(8))
                scale = QUANTISER << 24
                result.append((2 * total + scale) // (2 * scale))
        return result

    def ycc(p):
        r, g, b = p
        return ((19595 * r + 38470 * g + 7471 * b + 32768) >> 16,
                ((-11056 * r - 21712 * g + 32768 * b + 32768) >> 16) + 128,
                ((32768 * r - 27440 * g - 5328 * b + 32768) >> 16) + 128)

    converted = [[ycc(p) for p in row] for row in rows]
    last = [0, 0, 0]
    for by in range(0, EDGE, 8):
        for bx in range(0, EDGE, 8):
            for component in range(3):
                block = [converted[by + y][bx + x][component] - 128 for y in range(8) for x in range(8)]
                coefficients = transformed(block)
                difference = coefficients[0] - last[component]
                last[component] = coefficients[0]
                put(abs(difference).bit_length(), 4)
                if difference:
                    put_value(difference)
                run = 0
                for i in ZIGZAG[1:]:
                    value = coefficients[i]
                    if value == 0:
                        run += 1
                        continue
                    while run > 15:
                        put(ac_symbols.index(0xF0), 8)
                        run -= 16
                    put(ac_symbols.index(run << 4 | abs(value).bit_length()), 8)
                    put_value(value)
                    run = 0
                if run:
                    put(ac_symbols.index(0), 8)
    bits.extend([1] * (-len(bits) % 8))
    data = bytearray()
    for i in range(0, len(bits), 8):
        byte = int("".join(map(str, bits[i:i + 8])), 2)
        data.append(byte)
        if byte == 0xFF:
            data.append(0)
    frame = struct.pack(">BHHB", 8, EDGE, EDGE, 3) + bytes([1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0])
    return (b"\xff\xd8" + segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")
            + segment(0xDB, b"\0" + bytes([QUANTISER] * 64)) + segment(0xC0, frame)
            + table(0x00, 4, dc_symbols) + table(0x10, 8, ac_symbols)
            + segment(0xDA, bytes([3, 1, 0, 2, 0, 3, 0, 0, 63, 0])) + bytes(data) + b"\xff\xd9")


def tar_member(name, data, kind=b"0", link=b""):
    name = name if isinstance(name, bytes) else name.encode()
    header = bytearray(512)

    def put(offset, value):
        header[offset:offset + len(value)] = value

    put(0, name)
    put(100, b"0000644\0" b"0000000\0" b"0000000\0")
    put(124, b"%011o\0" % len(data))
    put(136, b"00000000000\0")
    put(148, b"        ")
    put(156, kind)
    put(157, link)
    put(257, b"ustar\x0000")
    put(148, b"%06o\0 " % sum(header))
    return bytes(header) + data + bytes(-len(data) % 512)


def tar(members):
    return b"".join(members) + bytes(1024)


def write(root, path, data):
    path = os.path.join(root, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(data if isinstance(data, bytes) else data.encode())


def drawings(seed, count):
    """Pictures with captions that say what they show."""
    random = Random(seed)
    numbers = {1: "a", 2: "two", 3: "three"}
    for _ in range(count):
        shape = random.choice(sorted(SHAPES))
        colour = random.choice(sorted(COLOURS))
        background = random.choice(sorted(BACKGROUNDS))
        number = 1 + random.below(3)
        if number == 1:
            size, radius = random.choice([("small", 9), ("large", 19)])
            centres = [(24 + random.below(5) - 2, 24 + random.below(5) - 2)]
            words = f"a {size} {colour} {shape}"
        else:
            radius = 10 if number == 2 else 7
            centres = [((i + 0.5) * EDGE / number, 24 + random.below(9) - 4) for i in range(number)]
            plural = "crosses" if shape == "cross" else shape + "s"
            words = f"{numbers[number]} {colour} {plural}"
        endings = ["on {0}", "on a {0} background", "drawn on {0} paper"]
        ending = random.choice(endings).format(background)
        yield f"{words} {ending}", draw(shape, colour, background, centres, radius)


def make_shapes(root):
    """img2dataset's layout: 192 pairs in two shards."""
    pairs = list(drawings(1, 192))
    for shard in range(2):
        members = []
        for index, (caption, rows) in enumerate(pairs[96 * shard:96 * (shard + 1)]):
            key = f"{shard:05d}{index:04d}"
            image, extension = (jpeg(rows), "jpg") if index % 2 else (png(rows), "png")
            members.append(tar_member(f"{key}.{extension}", image))
            fields = f'{{"caption": "{caption}", "key": "{key}", "status": "success"}}'
            members.append(tar_member(f"{key}.json", fields.encode()))
            # A dump without .txt members is read from the JSON.
            if index % 8:
                members.append(tar_member(f"{key}.txt", caption.encode()))
        write(root, f"shapes/{shard:05d}.tar", tar(members))
        write(root, f"shapes/{shard:05d}_stats.json", '{"count": 96, "successes": 96}\n')


def make_captions(root):
    """Images beside a caption file with the quirks that such files have."""
    rows = ["\ufefffilepath,title,licence\r\n"]
    for index, (caption, picture) in enumerate(drawings(2, 8)):
        path = f"images/{index}.png"
        write(root, f"captions/{path}", png(picture))
        title = [
            caption, f'"{caption}"', f'"{caption}, alone"', f'"{caption} (""drawn"")"',
            f'"{caption}\nin two lines"', f"  {caption}  ", f'{caption}, 3" wide'.replace(",", " "),
            f'"Ein Bild: {caption} – 図形"',
        ][index]
        rows.append(f"{path},{title},CC0" + ("\r\n" if index % 2 else "\n"))
    rows.append("images/0.png,the same picture again,CC0\n\n")
    write(root, "captions/captions.csv", "".join(rows))


def make_damaged(root):
    """One record for each thing that can be wrong; five are right."""
    image = png(draw("ring", "blue", "white", [(24, 24)], 15))
    text = b"a blue ring"

    def pair(key, image=image, caption=text):
        return [tar_member(f"{key}.png", image), tar_member(f"{key}.txt", caption)]

    bad_header = bytearray(tar_member("broken.png", image))
    bad_header[0] ^= 1
    write(root, "damaged-shards/00000.tar", tar(
        pair("good") + [tar_member("without-caption.png", image)]
        + [tar_member("without-image.txt", text)] + pair("empty-caption", caption=b" \n")
        + pair("latin-caption", caption=b"caf\xe9") + pair("binary-caption", caption=b"a\0b")
        + pair("empty-image", image=b"")
        + [tar_member("broken-json.png", image), tar_member("broken-json.json", b"{")]
        + [tar_member("no-field.png", image), tar_member("no-field.json", b'{"caption": null}')]
        + pair("twice") + pair("twice") + pair("../outside")
        + [tar_member("link.png", b"", b"2", b"good.png"), tar_member("link.txt", text)]
        + [tar_member(b"name\xff.png", image)] + [bytes(bad_header)] + pair("behind-the-damage")))
    whole = tar(pair("good") + pair("cut"))
    write(root, "damaged-shards/00001.tar", whole[:len(whole) - 3 * 512 - 100])

    rows = [
        b"filepath\ttitle", b"good.png\ta blue ring", b"missing.png\ta blue ring", b"good.png\t ",
        b"good.png\tcaf\xe9", b"good.png\ta\0b", b"empty.png\ta blue ring", b"folder\ta folder",
        b"../captions/images/0.png\toutside", b"/etc/hostname\toutside", b"link-out.png\toutside",
        b"loop.png\ta loop", b"na\xffme.png\ta name", b"good.png", b"good.png\ta\tb",
        b"good.png\ta blue ring", b"link-in.png\tthrough a link", b"good.png\tanother caption",
    ]
    write(root, "damaged-captions/captions.tsv", b"\n".join(rows) + b"\n")
    write(root, "damaged-captions/good.png", image)
    write(root, "damaged-captions/empty.png", b"")
    write(root, "damaged-captions/folder/keep", b"")
    for name, target in [("link-in.png", "good.png"), ("link-out.png", "../captions/images/0.png"),
                         ("loop.png", "loop.png")]:
        os.symlink(target, os.path.join(root, "damaged-captions", name))


def make_openclipart(root):
    """The tree of Debian's packages in little, with its quirks."""

    def svg(title, keywords, creator, encoding="UTF-8", end="</metadata><path d='M0 0'/></svg>"):
        bag = "".join(f"<rdf:li>{k}</rdf:li>" for k in keywords)
        text = f"""<?xml version="1.0" encoding="{encoding}"?>
<!DOCTYPE svg [ <!ENTITY ns "http://ns.example.org/>"> ]>
<svg xmlns="http://www.w3.org/2000/svg" title="a &gt; b"><metadata><rdf:RDF><cc:Work rdf:about="">
<dc:title>{title}</dc:title><dc:subject><rdf:Bag>{bag}</rdf:Bag></dc:subject>
<dc:publisher><cc:Agent><dc:title>Open Clip Art Library</dc:title></cc:Agent></dc:publisher>
<dc:creator><cc:Agent><dc:title>{creator}</dc:title></cc:Agent></dc:creator>
</cc:Work></rdf:RDF>{end}
"""
        return text.encode("latin-1" if encoding == "ISO-8859-1" else "utf-8")

    files = {
        "animals/birds/robin_jane_doe_01": svg("Robin", ["bird", "", "animal", "hash"], "Jane Doe"),
        "animals/lizard_jane_d_02": svg(
            "L&amp;Atilde;&amp;copy;zard &amp;amp; Co", ["reptile", "hash(0x8a393fc)"], "Jane Doe"),
        "plants/palm_tree_b_r_kess_r": svg("palm_tree", ["tree"], "B\u00f6r Kessels", "ISO-8859-1"),
        "signs/button-green_doe_01": svg("Clipart by Doe - button-red", ["button"], "Doe"),
        "signs/button-red_doe_01": svg("Clipart by Doe - button-red", ["button"], "Doe"),
        "signs/button-blue_doe_01": svg("Clipart by Doe - button-red", ["button"], "Doe"),
        "signs/broken_01": svg("Half a title", ["sign"], "Doe", end="")[:330],
        "unsorted/no_metadata2": b"<svg><path d='M0 0'/>",
        "unsorted/damaged_bytes": svg("A bad byte", ["odd"], "Doe").replace(b"bad", b"b\xffd"),
    }
    for index, (caption, rows) in enumerate(drawings(3, len(files) + 1)):
        if index < len(files):
            name = list(files)[index]
            write(root, f"openclipart/svg/{name}.svg", files[name])
        else:
            name = "tools/hand_saw"
        write(root, f"openclipart/png/{name}.png", png(rows))
    for kind in ("png", "svg"):
        os.symlink(f"../animals/lizard_jane_d_02.{kind}",
                   os.path.join(root, f"openclipart/{kind}/plants/lizard_jane_d_02.{kind}"))


def gzip_stored(data):
    """RFC 1952 with stored blocks, so that no version of zlib changes a byte."""
    blocks = b""
    for start in range(0, len(data), 65535):
        piece = data[start:start + 65535]
        last = start + 65535 >= len(data)
        blocks += struct.pack("<BHH", last, len(piece), len(piece) ^ 0xFFFF) + piece
    return (b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + blocks
            + struct.pack("<II", zlib.crc32(data), len(data) & 0xFFFFFFFF))


def zstd_stored(data):
    """RFC 8878 with raw blocks and no checksum, in one frame of a known size."""
    blocks = b""
    for start in range(0, len(data), 1 << 17):
        piece = data[start:start + (1 << 17)]
        last = start + (1 << 17) >= len(data)
        blocks += struct.pack("<I", last | len(piece) << 3)[:3] + piece
    return b"\x28\xb5\x2f\xfd" + b"\xa0" + struct.pack("<I", len(data)) + blocks


def make_formats(root):
    """The same six pairs in every format that lists or folders of images have."""
    pairs = [(caption, png(rows)) for caption, rows in drawings(4, 6)]
    hosts = ["images.example", "cdn.example:8080", "images.example"]

    def metadata(index):
        caption, image = pairs[index]
        # The last image is not the one that was fetched.
        fetched = image if index < 5 else b"another image"
        return {
            "caption": caption, "url": f"https://{hosts[index % 3]}/{index}.png?size=48", "key": f"{index:09d}",
            "uid": hashlib.sha256(b"uid %d" % index).hexdigest()[:32], "sha256": hashlib.sha256(fetched).hexdigest(),
            "original_width": 48, "original_height": 48, "status": "success",
        }

    def line(fields):
        return json.dumps(fields, ensure_ascii=False, sort_keys=True) + "\n"

    def member_pair(index, ending="txt"):
        caption, image = pairs[index]
        return [tar_member(f"{index:09d}.png", image), tar_member(f"{index:09d}.{ending}", caption.encode()),
                tar_member(f"{index:09d}.json", line(metadata(index)).encode())]

    halves = [tar([m for i in half for m in member_pair(i)]) for half in (range(3), range(3, 6))]
    for shard, data in enumerate(halves):
        write(root, f"formats/gzip/{shard:05d}.tar.gz", gzip_stored(data))
        write(root, f"formats/zstd/{shard:05d}.tar.zst", zstd_stored(data))
        write(root, f"formats/plain/{shard:05d}.tar", data)
    write(root, "formats/plain/shards.txt", "00000.tar\n00001.tar\n")
    write(root, "formats/other-endings/pairs.tar", tar([m for i in range(6) for m in member_pair(i, "caption")]))

    for index, (caption, image) in enumerate(pairs):
        name = f"files/{index // 3:05d}/{index:09d}"
        write(root, f"formats/{name}.png", image)
        write(root, f"formats/{name}.json", line(metadata(index)))
        if index % 2:
            write(root, f"formats/{name}.txt", caption)
        write(root, f"formats/lists/{index}.png", image)
    write(root, "formats/files/00000_stats.json", '{"count": 3, "successes": 3}\n')
    write(root, "formats/lists/captions.jsonl.gz", gzip_stored("".join(
        line(dict(metadata(i), image=f"{i}.png")) for i in range(6)).encode()))
    write(root, "formats/lists/table.csv.zst", zstd_stored(("\ufefffile_name,text,uid\r\n" + "".join(
        f"{i}.png,{caption},{metadata(i)['uid']}\r\n" for i, (caption, _) in enumerate(pairs))).encode()))

    images, annotations = [], []
    for index, (caption, image) in enumerate(pairs):
        write(root, f"formats/coco/val/{index:012d}.png", image)
        images.append({"id": 100 + index, "file_name": f"{index:012d}.png", "coco_url": metadata(index)["url"]})
        annotations.insert(0, {"id": index, "image_id": 100 + index, "caption": caption})
    annotations.append({"id": 6, "image_id": 100, "caption": "a second caption"})
    write(root, "formats/coco/annotations/captions_val.json",
          line({"images": images, "annotations": annotations, "info": {"year": 2026}}))

    splits = {"train": range(4), "test": range(4, 6)}
    for split, indices in splits.items():
        for index in indices:
            write(root, f"formats/imagefolder/{split}/{index}.png", pairs[index][1])
    write(root, "formats/imagefolder/train/metadata.jsonl", "".join(
        line({"file_name": f"{i}.png", "text": pairs[i][0]}) for i in splits["train"]))
    write(root, "formats/imagefolder/test/metadata.csv", "file_name,text\n" + "".join(
        f"{i}.png,{pairs[i][0]}\n" for i in splits["test"]))

    rows = []
    for index, (caption, image) in enumerate(pairs):
        url = metadata(index)["url"]
        write(root, f"formats/conceptual-captions/training/{zlib.crc32(url.encode())}", image)
        rows.append(f"{caption}\t{url}\n")
    write(root, "formats/conceptual-captions/Train_GCC-training.tsv", "".join(rows))


def make(root):
    for step in (make_shapes, make_captions, make_damaged, make_openclipart, make_formats):
        step(root)


def tree(root):
    """Every file and link below a folder."""
    found = {}
    for folder, _, names in os.walk(root):
        for name in names:
            path = os.path.join(folder, name)
            link = os.readlink(path) if os.path.islink(path) else None
            found[os.path.relpath(path, root)] = link
    return found


def differences(first, second):
    ours, theirs = tree(first), tree(second)
    for path in sorted(set(ours) | set(theirs)):
        if path not in ours or path not in theirs or ours[path] != theirs[path]:
            yield path
        elif ours[path] is None and not filecmp.cmp(
                os.path.join(first, path), os.path.join(second, path), shallow=False):
            yield path


def main():
    target = os.path.join(HERE, "crawls")
    with tempfile.TemporaryDirectory() as scratch:
        make(scratch)
        if "--check" in sys.argv[1:]:
            stale = list(differences(scratch, target))
            for path in stale:
                print(f"Fixtures/crawls/{path} is not what Fixtures/make-crawls.py makes")
            sys.exit(1 if stale else 0)
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(scratch, target, symlinks=True)


if __name__ == "__main__":
    main()
