#!/usr/bin/env python3
"""Golden images made with Pillow 13.0.0 (its bundled libjpeg-turbo 3): how files are decoded, and how
images are resized. Written to Tests/Fixtures/golden/datasets/image-made.

    scripts/goldens/make_images.py      in the environment of scripts/interop/venv.sh

resize.json   images of pseudo-random bytes (`pixels` below, the same in ImagesGolden.swift), resized:
              SHA-256 of the result of Image.resize
formats.json  small files in base64, made by a PNG writer of its own (every colour type, depth, filter
              and interlace) and by Pillow (JPEG): size and SHA-256 of convert("RGB"), with the
              orientation left alone and (`upright`) applied by ImageOps.exif_transpose; `grey`:
              SHA-256 of convert("RGB").convert("L")
Where Pillow has no answer of use it is stated here: it cuts 16-bit grey off at 255 instead of scaling
it, so for that the high bytes are expected.
"""

import base64
import hashlib
import io
import json
import pathlib
import struct
import zlib

import PIL
from PIL import Image, ImageOps

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Tests/Fixtures/golden/datasets/image-made"
FILTERS = {
    "nearest": Image.Resampling.NEAREST,
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
}


def pixels(seed, count):
    """xorshift32; now and then a run of 0 or 255, where a cubic goes beyond both."""
    state, out = seed, bytearray()
    while len(out) < count:
        state ^= state << 13 & 0xFFFFFFFF
        state ^= state >> 17
        state ^= state << 5 & 0xFFFFFFFF
        out += bytes([255 if state >> 8 & 1 else 0]) * 5 if state % 7 == 0 else bytes([state >> 24])
    return bytes(out[:count])


def digest(data):
    return hashlib.sha256(data).hexdigest()


def resizes():
    shapes = [
        (50, 37, 22, 22), (50, 37, 224, 224), (64, 64, 32, 32), (64, 64, 64, 17), (64, 48, 23, 48),
        (7, 5, 1, 1), (1, 1, 9, 4), (1, 60, 3, 20), (90, 1, 31, 2), (33, 70, 70, 33),
        (200, 3, 7, 3), (3, 200, 3, 7), (17, 13, 16, 12), (17, 13, 18, 14), (300, 20, 2, 1),
        (5, 300, 5, 1), (41, 29, 40, 30), (31, 31, 93, 93), (16, 16, 15, 15), (100, 75, 56, 56),
        (75, 100, 56, 56), (30, 40, 20, 30), (30, 40, 20, 31), (30, 40, 20, 29), (20, 30, 30, 20), (30, 20, 20, 30), (30, 60, 20, 40), (30, 60, 20, 39), (30, 60, 31, 59),
    ]
    cases = []
    for number, (width, height, to_width, to_height) in enumerate(shapes):
        for channels, mode in ((3, "RGB"), (1, "L")):
            data = pixels(number * 2 + channels, width * height * channels)
            image = Image.frombytes(mode, (width, height), data)
            for name, method in FILTERS.items():
                result = image.resize((to_width, to_height), method)
                cases.append({
                    "seed": number * 2 + channels, "from": [width, height], "channels": channels,
                    "to": [to_width, to_height], "filter": name, "sha256": digest(result.tobytes()),
                })
    return cases


def png_filter(kind, row, above, step):
    out = bytearray([kind])
    for i, value in enumerate(row):
        a = row[i - step] if i >= step else 0
        b = above[i]
        c = above[i - step] if i >= step else 0
        p = a + b - c
        near = min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
        out.append((value - [0, a, b, (a + b) // 2, near][kind]) & 255)
    return bytes(out)


def png(width, height, colour, bits, interlaced=False, parts=1, seed=1, extra=b""):
    """A PNG file of pseudo-random samples; row n of a pass has filter n % 5."""
    per_pixel = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    passes = [(0, 0, 1, 1)]
    if interlaced:
        passes = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2),
                  (1, 0, 2, 1)]
    raw = b""
    for number, (top, left, down, right) in enumerate(passes):
        rows = len(range(top, height, down))
        columns = len(range(left, width, right))
        if not rows or not columns:
            continue
        size = (columns * per_pixel * bits + 7) // 8
        above = bytes(size)
        for row in range(rows):
            line = pixels(seed + number * 1000 + row + 1, size)
            raw += png_filter(row % 5, line, above, max(1, per_pixel * bits // 8))
            above = line
    packed = zlib.compress(raw, 6)

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    file = b"\x89PNG\r\n\x1a\n"
    file += chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, int(interlaced)))
    file += extra
    if colour == 3:
        file += chunk(b"PLTE", pixels(seed + 7, 3 * 2**bits))
        file += chunk(b"tRNS", pixels(seed + 8, 2 ** (bits - 1)))
    if colour == 0:
        file += chunk(b"tRNS", struct.pack(">H", 1))
    if colour == 2:
        file += chunk(b"tRNS", struct.pack(">HHH", 1, 2, 3))
    cut = (len(packed) + parts - 1) // parts
    for start in range(0, len(packed), cut):
        file += chunk(b"IDAT", packed[start : start + cut])
    return file + chunk(b"IEND", b"")


def orientation(value, order="<"):
    """A TIFF file of one directory with the tag."""
    mark = b"II" if order == "<" else b"MM"
    return mark + struct.pack(order + "HIHHHIHHI", 42, 8, 1, 0x0112, 3, 1, value, 0, 0)


def exif_chunk(tiff):
    kind = b"eXIf"
    return struct.pack(">I", len(tiff)) + kind + tiff + struct.pack(">I", zlib.crc32(kind + tiff))


def files():
    for colour, depths in {0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16]}.items():
        for bits in depths:
            for interlaced in (False, True):
                for width, height in ((13, 11), (1, 1), (3, 17)):
                    name = f"png-{colour}-{bits}{'-interlaced' if interlaced else ''}-{width}x{height}"
                    yield name, png(width, height, colour, bits, interlaced, 1 + width % 2 * 2, width)
    for value in range(1, 9):
        order = "<>"[value % 2]
        yield f"png-exif-{value}", png(9, 5, 2, 8, extra=exif_chunk(orientation(value, order)))
    picture = Image.frombytes("RGB", (45, 34), pixels(5, 45 * 34 * 3))
    picture = picture.resize((61, 47), Image.Resampling.BICUBIC)

    def jpeg(image, **options):
        out = io.BytesIO()
        image.save(out, "JPEG", **options)
        return out.getvalue()

    for sampling in ("4:4:4", "4:2:2", "4:2:0", "4:1:1"):
        for progressive in (False, True):
            name = f"jpeg-{sampling}{'-progressive' if progressive else ''}"
            yield name, jpeg(picture, subsampling=sampling, progressive=progressive, quality=80)
    yield "jpeg-optimized", jpeg(picture, optimize=True, quality=35)
    yield "jpeg-restarts", jpeg(picture, restart_marker_blocks=3)
    yield "jpeg-restart-rows", jpeg(picture, restart_marker_rows=1, progressive=True)
    yield "jpeg-rgb", jpeg(picture, keep_rgb=True)
    yield "jpeg-grey", jpeg(picture.convert("L"))
    yield "jpeg-grey-progressive", jpeg(picture.convert("L"), progressive=True)
    yield "jpeg-cmyk", jpeg(picture.convert("CMYK"))
    yield "jpeg-cmyk-progressive", jpeg(picture.convert("CMYK"), progressive=True)
    for value in range(1, 9):
        order = "<>"[value % 2]
        yield f"jpeg-exif-{value}", jpeg(picture, exif=b"Exif\0\0" + orientation(value, order))
    yield "jpeg-exif-9", jpeg(picture, exif=b"Exif\0\0" + orientation(9))
    yield "jpeg-exif-damaged", jpeg(picture, exif=b"Exif\0\0II*\0\xff\xff\xff\x7f")


def formats():
    cases = []
    for name, data in files():
        image = Image.open(io.BytesIO(data))
        rgb = image.convert("RGB")
        if image.mode.startswith("I"):
            high = bytes(value >> 8 for value in image.get_flattened_data())
            rgb = Image.frombytes("L", image.size, high).convert("RGB")
        case = {"name": name, "base64": base64.b64encode(data).decode(), "mode": image.mode}
        case["size"] = list(rgb.size)
        case["rgb"] = digest(rgb.tobytes())
        case["grey"] = digest(rgb.convert("L").tobytes())
        tag = image.getexif().get(0x0112) if "exif-damaged" not in name else None
        if tag:
            turned = Image.open(io.BytesIO(data))
            turned = ImageOps.exif_transpose(turned).convert("RGB")
            case["upright"] = {"size": list(turned.size), "rgb": digest(turned.tobytes())}
        cases.append(case)
    return cases


def main():
    assert PIL.__version__ == "13.0.0", PIL.__version__
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, cases in (("resize", resizes()), ("formats", formats())):
        value = {"tool": f"Pillow {PIL.__version__}", "script": "scripts/goldens/make_images.py"}
        text = ",\n".join(json.dumps(case) for case in cases)
        head = json.dumps(value)[:-1]
        (FOLDER / f"{name}.json").write_text(f'{head}, "cases": [\n{text}\n]}}\n')
        print(f"{name}: {len(cases)} cases")


if __name__ == "__main__":
    main()
