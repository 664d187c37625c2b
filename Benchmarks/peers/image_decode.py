#!/usr/bin/env python3
"""Peers of image decoding: every file of a folder to RGB (OpenCV: BGR) of --size x --size.

    image_decode.py --input DIR --peer opencv        imread, resize (INTER_LINEAR)
    image_decode.py --input DIR --peer simplejpeg    simplejpeg, then OpenCV's resize
    image_decode.py --input DIR --peer mindspore     vision.Decode and vision.Resize, file by file
    image_decode.py --input DIR --peer pillow        open, convert, resize (BILINEAR), as dsx resizes

One thread. The files are read once before the clock starts, so all come from memory. One JSON line:
images, seconds, cpu, mean of the values (the resizes are not alike, so means are close, not equal).
"""

import argparse
import json
import pathlib

import numpy

from timing import Timer


def opencv(size):
    import cv2

    cv2.setNumThreads(1)
    return lambda path: cv2.resize(cv2.imread(str(path)), (size, size))


def simplejpeg(size):
    import cv2
    import simplejpeg

    cv2.setNumThreads(1)

    def one(path):
        image = simplejpeg.decode_jpeg(path.read_bytes(), colorspace="RGB")
        return cv2.resize(image, (size, size))

    return one


def mindspore(size):
    from mindspore.dataset import vision

    decode, resize = vision.Decode(), vision.Resize((size, size))
    return lambda path: resize(decode(numpy.fromfile(path, dtype=numpy.uint8)))


def pillow(size):
    from PIL import Image

    def one(path):
        image = Image.open(path).convert("RGB")
        return numpy.asarray(image.resize((size, size), Image.Resampling.BILINEAR))

    return one


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--input", type=pathlib.Path, required=True)
    options.add_argument("--peer", choices=["opencv", "simplejpeg", "mindspore", "pillow"], required=True)
    options.add_argument("--size", type=int, default=224)
    arguments = options.parse_args()
    files = sorted(arguments.input.iterdir())
    one = globals()[arguments.peer](arguments.size)
    for path in files:
        path.read_bytes()
    one(files[0])
    timer = Timer()
    total = 0
    for path in files:
        # A sample of the values: summing all would be timed too.
        total += int(one(path)[::16, ::16].sum(dtype=numpy.int64))
    result = {"images": len(files), **timer.stop()}
    result["mean"] = round(total / (len(files) * 3 * len(range(0, arguments.size, 16)) ** 2), 1)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
