#!/usr/bin/env python3
"""Makes the images of the benchmarks `jpeg-224` and `png-224`: seeded 1/f noise, which is as smooth and
as rough as photographs are, in about ImageNet's sizes. Needs Pillow and NumPy; needs no network.

    make_images.py --output ~/.cache/dsx/bench-images      400 JPEG, 100 PNG; made once
"""

import argparse
import pathlib

import numpy
from PIL import Image

SIZES = [(500, 375), (375, 500), (500, 333), (640, 480), (400, 300)]


def picture(generator, width, height):
    """Three planes with a common part; amplitude falls with the frequency."""
    frequency = numpy.hypot(
        numpy.fft.fftfreq(height)[:, None] * height, numpy.fft.rfftfreq(width)[None] * width
    )
    frequency[0, 0] = 1
    planes = []
    for _ in range(4):
        noise = generator.normal(size=(height, width // 2 + 1, 2)) @ [1, 1j]
        plane = numpy.fft.irfft2(noise / frequency, s=(height, width))
        planes.append(plane / plane.std())
    colour = numpy.stack([planes[0] + 0.4 * plane for plane in planes[1:]], axis=2)
    return Image.fromarray(numpy.clip(128 + 48 * colour, 0, 255).astype(numpy.uint8))


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--output", type=pathlib.Path, required=True)
    options.add_argument("--jpeg", type=int, default=400)
    options.add_argument("--png", type=int, default=100)
    arguments = options.parse_args()
    for kind, count in (("jpeg", arguments.jpeg), ("png", arguments.png)):
        folder = arguments.output / kind
        folder.mkdir(parents=True, exist_ok=True)
        if len(list(folder.iterdir())) == count:
            continue
        for number in range(count):
            generator = numpy.random.default_rng([224, number, len(kind)])
            image = picture(generator, *SIZES[number % len(SIZES)])
            if kind == "jpeg":
                image.save(folder / f"{number:05}.jpg", quality=90, subsampling="4:2:0")
            else:
                image.save(folder / f"{number:05}.png")


if __name__ == "__main__":
    main()
