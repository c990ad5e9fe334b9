"""The presets of @hybridcam/image as PIL, torch and numpy compute them."""
import numpy as np
import torch
from PIL import Image

IMAGENET = ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])

# name -> (resize, crop, filter, arithmetic)
presets = {
    "torchvision": (256, 224, Image.BILINEAR, ("torchvision", *IMAGENET)),
    "torchvision-v2": (232, 224, Image.BILINEAR, ("torchvision", *IMAGENET)),
    "squash": ((224, 224), None, Image.BILINEAR, ("torchvision", *IMAGENET)),
    "minus-one-one": (256, 224, Image.BILINEAR, ("torchvision", [0.5] * 3, [0.5] * 3)),
    "zero-one": (256, 224, Image.BILINEAR, ("torchvision", [0.0] * 3, [1.0] * 3)),
    "keras-tf": ((224, 224), None, Image.NEAREST, ("tf",)),
    "keras-caffe": ((224, 224), None, Image.NEAREST, ("caffe",)),
    "keras-torch": ((224, 224), None, Image.NEAREST, ("torchvision", *IMAGENET)),
}


def resize(image, size, resample):
    """torchvision.transforms.functional.resize on a PIL image; size is the shorter side or (height, width)."""
    if isinstance(size, int):
        w, h = image.size
        short, long = min(w, h), max(w, h)
        new_long = int(size * long / short)
        size = (new_long, size) if w <= h else (size, new_long)
    return image.resize((size[1], size[0]), resample)


def center_crop(image, size):
    """torchvision.transforms.functional.center_crop: black padding where smaller, then round-half-to-even offsets."""
    crop_h, crop_w = (size, size) if isinstance(size, int) else size
    w, h = image.size
    pad_l, pad_t = max(0, (crop_w - w) // 2), max(0, (crop_h - h) // 2)
    pad_r, pad_b = max(0, (crop_w - w + 1) // 2), max(0, (crop_h - h + 1) // 2)
    if pad_l or pad_t or pad_r or pad_b:
        padded = Image.new("RGB", (w + pad_l + pad_r, h + pad_t + pad_b))
        padded.paste(image, (pad_l, pad_t))
        image = padded
        w, h = image.size
    top, left = int(round((h - crop_h) / 2.0)), int(round((w - crop_w) / 2.0))
    return image.crop((left, top, left + crop_w, top + crop_h))


def normalize(image, arithmetic):
    """float32 [3, height, width]."""
    pixels = np.asarray(image)
    if arithmetic[0] == "torchvision":
        _, mean, std = arithmetic
        x = torch.from_numpy(pixels.copy()).permute(2, 0, 1).contiguous().to(torch.float32).div(255)
        mean = torch.tensor(mean, dtype=torch.float32).view(-1, 1, 1)
        std = torch.tensor(std, dtype=torch.float32).view(-1, 1, 1)
        return x.sub_(mean).div_(std).numpy()
    x = pixels.astype(np.float32)  # keras.applications.imagenet_utils.preprocess_input on img_to_array
    if arithmetic[0] == "tf":
        x /= 127.5
        x -= 1.0
    else:
        x = x[..., ::-1].copy()
        for channel, mean in enumerate([103.939, 116.779, 123.68]):
            x[..., channel] -= mean
    return np.ascontiguousarray(x.transpose(2, 0, 1))


def tensor(image, preset):
    """float32 [3, height, width] of an RGB image under a preset of @hybridcam/image."""
    size, crop, resample, arithmetic = presets[preset]
    image = resize(image, size, resample)
    if crop is not None:
        image = center_crop(image, crop)
    return normalize(image, arithmetic)


def torchvision_transforms():
    """The module, or None where torchvision is absent or built for another torch."""
    try:
        from torchvision import transforms
    except (ImportError, RuntimeError):
        return None
    return transforms


def torchvision_agrees(image, size, crop, resample, arithmetic, expected):
    """Whether torchvision's own transforms give the same bits; True where there is nothing to ask."""
    T = torchvision_transforms()
    if T is None or arithmetic[0] != "torchvision":
        return True
    modes = {
        Image.NEAREST: T.InterpolationMode.NEAREST,
        Image.BILINEAR: T.InterpolationMode.BILINEAR,
        Image.BICUBIC: T.InterpolationMode.BICUBIC,
    }
    steps = [] if size is None else [T.Resize(size, interpolation=modes[resample])]
    steps += [] if crop is None else [T.CenterCrop(crop)]
    steps += [T.ToTensor(), T.Normalize(*arithmetic[1:])]
    return np.array_equal(T.Compose(steps)(image).numpy(), expected)


def check_against_torchvision(paths):
    """@returns torchvision's version after comparing every preset's tensor bit for bit with its transforms; None without it."""
    if torchvision_transforms() is None:
        return None
    import torchvision

    for path in paths:
        image = Image.open(path).convert("RGB")
        for name, parts in presets.items():
            assert torchvision_agrees(image, *parts, tensor(image, name)), (path, name)
    return torchvision.__version__
