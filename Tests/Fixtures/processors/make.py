"""What transformers' image processors (their Pillow backend) make of images: `expected.json`, with the
packages that scripts/interop/requirements.txt pins (transformers 5.23.0, Pillow 13.0.0):

    python make.py

`classes`: the defaults of each class. `cases`: a `preprocessor_config.json`, the model type of the
`config.json` beside it, the size of an image whose byte `i` is `pixel(i)`, and the values that
AutoImageProcessor makes of it, planes first.
"""

import json
import pathlib
import tempfile

import numpy
import transformers
from PIL import Image

HERE = pathlib.Path(__file__).resolve().parent
KINDS = ["ViT", "DeiT", "Beit", "MobileNetV1", "MobileNetV2", "CLIP", "Bit", "Siglip"]
MEMBERS = [
    "do_resize", "size", "resample", "do_center_crop", "crop_size", "do_rescale", "rescale_factor",
    "do_normalize", "image_mean", "image_std", "default_to_square"]


def processor(config, model="vit"):
    with tempfile.TemporaryDirectory() as place:
        folder = pathlib.Path(place)
        (folder / "preprocessor_config.json").write_text(json.dumps(config))
        (folder / "config.json").write_text(json.dumps(dict(model_type=model)))
        return transformers.AutoImageProcessor.from_pretrained(folder, backend="pil")


def pixel(index):
    return (index * index // 7 + 13 * index) % 256


def case(width, height, model="vit", **config):
    bytes_ = bytes(pixel(index) for index in range(width * height * 3))
    image = Image.frombytes("RGB", (width, height), bytes_)
    values = processor(config, model)(image, return_tensors="np")["pixel_values"][0]
    return dict(
        config=config, model=model, image=[width, height], shape=list(values.shape),
        values=[round(float(value), 5) for value in values.astype(numpy.float64).flatten()])


def plain(value):
    if isinstance(value, (list, tuple)):
        return list(value)
    if type(value).__name__ == "SizeDict":
        return dict(value)
    return int(value) if hasattr(value, "value") else value


classes = {}
for name in KINDS:
    made = processor(dict(image_processor_type=name + "ImageProcessor"))
    assert type(made).__name__ == name + "ImageProcessorPil", type(made)
    classes[name + "ImageProcessor"] = {
        member: plain(getattr(made, member, None)) for member in MEMBERS}

square = dict(height=6, width=5)
raw = dict(do_rescale=False, do_normalize=False)
mobile = dict(image_processor_type="MobileNetV2ImageProcessor")
cases = [
    # Margins of 3, 7, 1, 5 and 2 pixels.
    case(30, 22, **mobile, size=dict(shortest_edge=9), crop_size=dict(height=6, width=5)),
    case(22, 30, **mobile, size=dict(shortest_edge=8), crop_size=5),
    case(13, 40, **mobile, size=dict(shortest_edge=7), crop_size=[6, 4]),
    case(17, 12, image_processor_type="MobileNetV1ImageProcessorFast", size=8, crop_size=5),
    # Images that are smaller than the crop, on both sides and on one.
    case(20, 20, **mobile, size=dict(shortest_edge=4), crop_size=7),
    case(21, 10, **mobile, size=4, crop_size=dict(height=7, width=5)),
    case(10, 21, **mobile, size=4, crop_size=dict(height=6, width=7)),
    # No resize.
    case(12, 11, **mobile, do_resize=False, size=9, crop_size=dict(height=8, width=5)),
    case(5, 6, image_processor_type="ViTImageProcessor", do_resize=False, size=square),
    # Each class with sizes of its own, and what it says when the file does not.
    case(13, 11, image_processor_type="ViTImageProcessor", size=square),
    case(13, 11, image_processor_type="ViTImageProcessorFast", size=5),
    case(13, 11, feature_extractor_type="ViTFeatureExtractor", size=5, resample=3),
    case(13, 11, image_processor_type="ViTImageProcessor", size=[9, 8], do_center_crop=True,
         crop_size=square),
    case(13, 11, image_processor_type="ViTImageProcessor", size=5, default_to_square=False,
         do_center_crop=True, crop_size=5),
    case(13, 11, image_processor_type="DeiTImageProcessor", size=9, crop_size=6),
    case(13, 11, feature_extractor_type="DeiTFeatureExtractor", size=8, do_center_crop=False),
    case(13, 11, image_processor_type="BeitImageProcessor", size=square),
    case(13, 11, image_processor_type="CLIPImageProcessor", size=8, crop_size=5),
    case(13, 11, feature_extractor_type="CLIPFeatureExtractor", size=8, crop_size=5),
    case(13, 11, image_processor_type="BitImageProcessor", size=dict(shortest_edge=8), crop_size=5),
    case(13, 11, image_processor_type="SiglipImageProcessor", size=square),
    case(12, 12, image_processor_type="SiglipImageProcessorFast", size=5),
    # Numbers.
    case(13, 11, image_processor_type="ViTImageProcessor", size=4, do_rescale=False),
    case(13, 11, image_processor_type="ViTImageProcessor", size=4, do_normalize=False),
    case(13, 11, image_processor_type="CLIPImageProcessor", size=7, crop_size=4, **raw),
    case(13, 11, image_processor_type="ViTImageProcessor", size=4, rescale_factor=0.01,
         image_mean=[0.1, 0.2, 0.3], image_std=[0.5, 0.6, 0.7], resample=0),
    # A step that is null is left out; what is false or concerns no pixel may stand there.
    case(13, 11, image_processor_type="CLIPImageProcessor", size=7, crop_size=4, do_normalize=None,
         do_pad=False, do_convert_rgb=True, pad_size=dict(height=50, width=50)),
    case(5, 6, image_processor_type="CLIPImageProcessor", do_resize=None, do_center_crop=None),
    case(13, 11, **mobile, size=7, crop_size=4, do_reduce_labels=True),
    # No type: the model's own.
    case(13, 11, model="vit", size=5),
    case(13, 11, model="mobilenet_v2", size=8, crop_size=5),
]
lines = ",\n".join("  " + json.dumps(one) for one in cases)
kinds = ",\n".join(f"  {json.dumps(name)}: {json.dumps(one)}" for name, one in classes.items())
(HERE / "expected.json").write_text(
    f'{{"made by": "transformers {transformers.__version__}",\n"classes": {{\n{kinds}\n}},\n'
    f'"cases": [\n{lines}\n]}}\n')
print(len(classes), "classes,", len(cases), "cases")
