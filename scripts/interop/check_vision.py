"""Convolutional networks with random weights beside `dsx predict`: transformers' MobileNetV2 of several
widths and paddings, and plain torch networks as model type `cnn2`; 20 random images each, every image
computed by itself on torch's side. The logarithms of all labels' probabilities are compared.

Image processors: a vision transformer with a `preprocessor_config.json` for each class of image processors
that dsx knows, with margins of every remainder by 4, images that are smaller than the crop, and members
left out, so that the class's defaults count; beside transformers' Pillow backend.
"""

import json
import math
import pathlib
import tempfile

from checks import check, dsx, expect, need

TOLERANCE, FLOOR = 1e-4, 1e-5
COUNT = 20


def log_probabilities(folder, images, labels):
    """What dsx gives for images, in the order of the labels."""
    from PIL import Image

    photos, target = folder.parent / "photos", folder.parent / "output.jsonl"
    photos.mkdir()
    for index, image in enumerate(images):
        Image.fromarray(image).save(photos / f"{index:03}.png")
    dsx("predict", "--model", folder, "--input", photos, "--output", target)
    rows = [json.loads(line) for line in target.read_text(encoding="utf-8").split("\n")[:-1]]
    expect(len(rows) == len(images), f"{len(rows)} rows")
    found = [dict(zip(row["output"]["labels"], row["output"]["scores"])) for row in rows]
    return [[math.log(one[name]) for name in labels] for one in found]


def compare(mine, model, batches, what, logits=lambda output: output):
    """The largest difference from torch in float64: within the tolerance, and no more than three times what
    torch in float32 is off by (differences below the floor are rounding)."""
    import torch

    def answers(kind):
        model.to(kind)
        return [
            logits(model(pixels.to(kind))).double().log_softmax(-1)[0].tolist()
            for pixels in batches]

    with torch.no_grad():
        single, exact = answers(torch.float32), answers(torch.float64)

    def worst(ours):
        return max(abs(a - b) for one, two in zip(ours, exact) for a, b in zip(one, two))

    own, found = worst(single), worst(mine)
    expect(found <= min(TOLERANCE, max(FLOOR, 3 * own)), f"{what}: differs by {found}, torch itself by {own}")
    return found


MOBILE = [
    dict(image_size=64, depth_multiplier=0.35),
    dict(image_size=65, depth_multiplier=0.5, tf_padding=False, layer_norm_eps=1e-5),
    dict(image_size=96, depth_multiplier=1.0, first_layer_is_expansion=False),
    dict(image_size=47, depth_multiplier=1.4, finegrained_output=False, hidden_act="relu"),
    dict(image_size=64, depth_multiplier=0.75, finegrained_output=False, expand_ratio=4.0,
         min_depth=16),
]
with check("mobilenet-v2-image-classification") as note:
    need("torch", "transformers", "numpy", "PIL", "safetensors")
    import numpy
    import torch
    import transformers
    from PIL import Image

    worst = 0.0
    for seed, shape in enumerate(MOBILE):
        torch.manual_seed(seed)
        random = numpy.random.default_rng(seed)
        names = {index: f"L-{index}" for index in range(6)}
        config = transformers.MobileNetV2Config(
            id2label=names, label2id={name: index for index, name in names.items()}, **shape)
        model = transformers.MobileNetV2ForImageClassification(config).eval()
        for module in model.modules():
            if isinstance(module, torch.nn.Conv2d):
                torch.nn.init.kaiming_normal_(module.weight, mode="fan_in")
            if isinstance(module, torch.nn.BatchNorm2d):
                for value in (module.weight, module.running_var):
                    value.data.uniform_(0.5, 1.5)
                for value in (module.bias, module.running_mean):
                    value.data.normal_(0, 0.3)
                module.momentum = None
        # The head keeps transformers' own random weights: its logits are two or three units apart.
        # Means and variances as training leaves them; random ones would blow up rounding errors.
        with torch.no_grad():
            model.train()(torch.randn(16, 3, shape["image_size"], shape["image_size"]))
        model.eval()
        with tempfile.TemporaryDirectory() as place:
            folder = pathlib.Path(place) / "model"
            model.save_pretrained(folder)
            side = shape["image_size"]
            # Margins of 3, 10, 17, 24 and 31 pixels: every remainder by 4.
            (folder / "preprocessor_config.json").write_text(json.dumps(dict(
                image_processor_type="MobileNetV2ImageProcessor", crop_size=side,
                size=dict(shortest_edge=side + 3 + 7 * seed), image_mean=[0.4, 0.5, 0.6],
                image_std=[0.2, 0.3, 0.25])))
            reader = transformers.AutoImageProcessor.from_pretrained(folder, backend="pil")
            images = [
                random.integers(0, 256, (*random.integers(50, 150, 2), 3), dtype=numpy.uint8)
                for _ in range(COUNT)]
            batches = [
                reader(Image.fromarray(image), return_tensors="pt")["pixel_values"]
                for image in images]
            mine = log_probabilities(folder, images, names.values())
            worst = max(worst, compare(mine, model, batches, f"{shape}", lambda output: output.logits))
    note(f"{len(MOBILE)} shapes, {COUNT} images each, largest difference {worst:.1e}")

NO_RESIZE = dict(do_resize=False, do_center_crop=True, crop_size=24)
PROCESSORS = [
    dict(image_processor_type="ViTImageProcessor", size=24),
    dict(feature_extractor_type="ViTFeatureExtractor", size=24, resample=3),
    dict(image_processor_type="DeiTImageProcessor", size=31, crop_size=24),
    dict(image_processor_type="DeiTImageProcessorFast", size=[33, 27], crop_size=24),
    dict(image_processor_type="BeitImageProcessor", size=24),
    dict(image_processor_type="SiglipImageProcessor", size=dict(height=24, width=24)),
    *[dict(image_processor_type=f"{name}ImageProcessor", size=dict(shortest_edge=side), crop_size=24)
      for name in ("MobileNetV1", "MobileNetV2", "CLIP", "Bit") for side in (24, 25, 26, 27, 35, 19)],
    dict(image_processor_type="ViTImageProcessor", **NO_RESIZE),
    dict(image_processor_type="CLIPImageProcessor", **NO_RESIZE),
    dict(image_processor_type="CLIPImageProcessor", size=27, crop_size=24, do_normalize=None),
    dict(size=24),
]
with check("image-processors") as note:
    need("torch", "transformers", "numpy", "PIL", "safetensors")
    import numpy
    import random_encoders as encoders
    import transformers
    from PIL import Image

    random, worst = numpy.random.default_rng(11), 0.0
    for seed, config in enumerate(PROCESSORS):
        with tempfile.TemporaryDirectory() as place:
            folder = pathlib.Path(place) / "model"
            _, model = encoders.make_vit(folder, 300 + seed)
            (folder / "preprocessor_config.json").write_text(json.dumps(config))
            reader = transformers.AutoImageProcessor.from_pretrained(folder, backend="pil")
            images = [
                random.integers(0, 256, (*random.integers(15, 70, 2), 3), dtype=numpy.uint8)
                for _ in range(COUNT)]
            batches = [
                reader(Image.fromarray(image), return_tensors="pt")["pixel_values"]
                for image in images]
            mine = log_probabilities(folder, images, [f"L-{index}" for index in range(3)])
            worst = max(
                worst, compare(mine, model, batches, f"{config}", lambda output: output.logits))
    note(f"{len(PROCESSORS)} files, {COUNT} images each, largest difference {worst:.1e}")

# What the message must say.
REFUSED = [
    ("ConvNextImageProcessor",
     dict(image_processor_type="ConvNextImageProcessor", size=dict(shortest_edge=24))),
    ("EfficientNetImageProcessor", dict(image_processor_type="EfficientNetImageProcessor", size=24)),
    ("MobileViTImageProcessor",
     dict(image_processor_type="MobileViTImageProcessor", size=30, crop_size=24)),
    ("do_pad", dict(image_processor_type="ViTImageProcessor", size=24, do_pad=True, pad_size=40)),
    ("do_flip_channel_order", dict(size=24, do_flip_channel_order=True)),
    ("rescale_offset", dict(size=24, rescale_offset=True)),
    ("crop_pct", dict(size=24, crop_pct=0.875)),
    ("longest_edge", dict(size=dict(longest_edge=24))),
    ("becomes 32 x 24", dict(image_processor_type="ViTImageProcessor", size=dict(shortest_edge=24))),
    ("40 x 30", dict(image_processor_type="ViTImageProcessor", do_resize=False)),
]
with check("image-processors-refused") as note:
    need("torch", "transformers", "numpy", "PIL", "safetensors")
    import random_encoders as encoders
    from PIL import Image

    with tempfile.TemporaryDirectory() as place:
        folder, photos = pathlib.Path(place) / "model", pathlib.Path(place) / "photos"
        encoders.make_vit(folder, 400)
        photos.mkdir()
        Image.new("RGB", (40, 30)).save(photos / "one.png")
        for words, config in REFUSED:
            (folder / "preprocessor_config.json").write_text(json.dumps(config))
            output = pathlib.Path(place) / "output.jsonl"
            message = ""
            try:
                dsx("predict", "--model", folder, "--input", photos, "--output", output, "--overwrite")
            except AssertionError as error:
                # The reason of a failed row stands in its line.
                message = str(error) + (output.read_text(encoding="utf-8") if output.exists() else "")
                output.unlink(missing_ok=True)
            expect(words in message, f"{config}: {message or 'was taken'}")
    note(f"{len(REFUSED)} files")

with check("plain-cnn-image-classification") as note:
    need("torch", "numpy", "PIL", "safetensors")
    import numpy
    import torch
    from safetensors.torch import save_file

    worst, shapes = 0.0, [
        ["c1 1->6 5x5 pad2", "relu", "maxpool2", "c2 6->9 3x3 stride2", "relu6", "meanpool",
         "out 9->4"],
        ["c1 1->3 1x1", "c2 3->5 3x3 pad1 stride3", "relu", "maxpool3", "flatten", "hidden 45->8",
         "relu", "out 8->4"],
    ]
    for seed, layers in enumerate(shapes):
        torch.manual_seed(40 + seed)
        random = numpy.random.default_rng(40 + seed)
        parts, tensors = [], {}
        for layer in layers:
            words = layer.split()
            if layer in ("relu", "relu6"):
                parts.append(torch.nn.ReLU() if layer == "relu" else torch.nn.ReLU6())
            elif layer.startswith("maxpool"):
                parts.append(torch.nn.MaxPool2d(int(layer[7:])))
            elif layer in ("meanpool", "flatten"):
                if layer == "meanpool":
                    parts.append(torch.nn.AdaptiveAvgPool2d(1))
                parts.append(torch.nn.Flatten())
            else:
                into, out = map(int, words[1].split("->"))
                options = {word.rstrip("0123456789"): int(word.lstrip("padstrie"))
                           for word in words[3:]}
                part = (
                    torch.nn.Linear(into, out) if len(words) == 2 else torch.nn.Conv2d(
                        into, out, int(words[2].split("x")[0]), padding=options.get("pad", 0),
                        stride=options.get("stride", 1)))
                parts.append(part)
                for name, value in part.state_dict().items():
                    tensors[f"{words[0]}.{name}"] = value
        model = torch.nn.Sequential(*parts).eval()
        with tempfile.TemporaryDirectory() as place:
            folder = pathlib.Path(place) / "model"
            folder.mkdir()
            save_file(tensors, folder / "model.safetensors")
            (folder / "config.json").write_text(json.dumps(dict(
                model_type="cnn2", in_channels=1, image_size=27, layers=layers)))
            images = [random.integers(0, 256, (27, 27), dtype=numpy.uint8) for _ in range(COUNT)]
            batches = [torch.tensor(image)[None, None] / 255.0 for image in images]
            mine = log_probabilities(folder, images, [str(index) for index in range(4)])
            worst = max(worst, compare(mine, model, batches, str(layers)))
    note(f"{len(shapes)} networks, {COUNT} images each, largest difference {worst:.1e}")
