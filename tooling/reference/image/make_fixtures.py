"""Fixtures of @hybridcam/image: small synthetic pictures, and hashes of what PIL, torchvision and numpy make of them.

Usage: python tooling/reference/image/make_fixtures.py packages/image/test/fixtures

Writes images/* (every kind of JPEG, PNG and WebP that decode promises to read as PIL does, all eight orientations included),
images.json (size and SHA-256 of the RGB bytes, as stored and after ImageOps.exif_transpose) and preprocess.json (SHA-256 of
float32 input tensors of formula-made pictures of many sizes under many preprocessings; where torchvision is installed, its
own transforms are asked too and must agree bit for bit).
"""
import hashlib
import io
import json
import struct
import sys
import zlib
from pathlib import Path

import numpy as np
import PIL
import torch
from PIL import Image, ImageOps

from icc import swapped_primaries_profile
from preprocessing import center_crop, normalize, resize, torchvision_agrees

out = Path(sys.argv[1])
(out / "images").mkdir(parents=True, exist_ok=True)


def pattern(width, height, seed=0):
    """uint8 [height, width, 3]; test/pattern.ts has the same formula. Hard edges and noise: clipping and rounding show."""
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(3), indexing="ij")
    h = (x * 0x9E3779B1 + y * 0x85EBCA6B + (c + 3 * seed) * 0xC2B2AE35).astype(np.uint64) & 0xFFFFFFFF
    h ^= h >> 15
    h = (h * 0x2C1B3C6D) & 0xFFFFFFFF
    h ^= h >> 12
    noise = (h >> 8) & 0xFF
    smooth = (x * (c + 1) * 2 + y * (3 - c)) & 0xFF
    checker = ((x // 8 + y // 8 + c) % 2) * 255
    kind = (x // 16 + y // 16 + seed) % 3
    return np.where(kind == 0, noise, np.where(kind == 1, smooth, checker)).astype(np.uint8)


def photo_like(width, height):
    """Smooth enough for a JPEG to stay small, with edges and saturated colours for its chroma upsampling."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    r = 128 + 127 * np.sin(x / 9 + y / 23)
    g = 128 + 127 * np.sin(y / 7 - x / 31)
    b = np.where(((x - width / 2) ** 2 + (y - height / 3) ** 2) < (min(width, height) / 3) ** 2, 250, 20)
    return Image.fromarray(np.clip(np.stack([r, g, b], -1), 0, 255).astype(np.uint8))


def sha256(array):
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()


# --- pictures -----------------------------------------------------------------------------------------------------------
W, H = 53, 37
rgb = photo_like(W, H)
grey = rgb.convert("L")
alpha = Image.fromarray(pattern(W, H, 5)[..., 0])
rgba = rgb.copy()
rgba.putalpha(alpha)
palette = rgb.quantize(31)
icc = swapped_primaries_profile()


def exif(orientation, order="<", long=False):
    mark = b"II" if order == "<" else b"MM"
    entry = struct.pack(order + ("HHII" if long else "HHIHxx"), 0x0112, 4 if long else 3, 1, orientation)
    return b"Exif\0\0" + mark + struct.pack(order + "HIH", 42, 8, 1) + entry + struct.pack(order + "I", 0)


def png_chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def raw_png(array, bit_depth, color_type, extra=b""):
    """A PNG of any bit depth from rows of packed bytes (PIL cannot write 2-bit grey or 16-bit RGB)."""
    height, width = array.shape[0], array.shape[1] * 8 // bit_depth // {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[color_type]
    rows = b"".join(b"\0" + row.tobytes() for row in array)
    head = struct.pack(">IIBBBBB", width, height, bit_depth, color_type, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", head)
        + extra
        + png_chunk(b"IDAT", zlib.compress(rows, 9))
        + png_chunk(b"IEND", b"")
    )


files = {}


def save(name, image, **options):
    buffer = io.BytesIO()
    image.save(buffer, **options)
    files[name] = buffer.getvalue()


for label, subsampling in [("444", 0), ("422", 1), ("420", 2)]:
    save(f"rgb-{label}.jpg", rgb, format="JPEG", quality=85, subsampling=subsampling)
save("progressive.jpg", rgb, format="JPEG", quality=85, progressive=True, subsampling=2)
save("restart.jpg", rgb, format="JPEG", quality=85, restart_marker_blocks=2)
save("grey.jpg", grey, format="JPEG", quality=85)
save("icc.jpg", rgb, format="JPEG", quality=85, icc_profile=icc)
save("grey-icc.jpg", grey, format="JPEG", quality=85, icc_profile=icc)
save("adobe-rgb.jpg", rgb, format="JPEG", quality=85, keep_rgb=True)
save("cmyk.jpg", rgb.convert("CMYK"), format="JPEG", quality=85)
adobe = files["cmyk.jpg"].index(b"\xff\xee\x00\x0eAdobe")
files["cmyk-unmarked.jpg"] = files["cmyk.jpg"][:adobe] + files["cmyk.jpg"][adobe + 16 :]
files["ycck.jpg"] = files["cmyk.jpg"][: adobe + 15] + b"\2" + files["cmyk.jpg"][adobe + 16 :]
for orientation in range(1, 9):
    save(f"orientation-{orientation}.jpg", rgb, format="JPEG", quality=80, exif=exif(orientation, "<>"[orientation % 2]))
save("orientation-0.jpg", rgb, format="JPEG", quality=80, exif=exif(0))
save("orientation-9.jpg", rgb, format="JPEG", quality=80, exif=exif(9))
for order, label in (("<", "little"), (">", "big")):
    save(f"orientation-long-{label}.jpg", rgb, format="JPEG", quality=80, exif=exif(8, order, long=True))
save("one-pixel.jpg", rgb.crop((0, 0, 1, 1)), format="JPEG")
save("wide.jpg", photo_like(301, 3), format="JPEG", quality=85)
save("tall.jpg", photo_like(3, 301), format="JPEG", quality=85)

save("rgb.png", rgb, format="PNG")
save("grey.png", grey, format="PNG")
save("grey-1bit.png", grey.convert("1"), format="PNG")
save("grey-alpha.png", Image.merge("LA", (grey, alpha)), format="PNG")
save("rgba.png", rgba, format="PNG")
save("palette.png", palette, format="PNG")
save("palette-4bit.png", rgb.quantize(9), format="PNG", bits=4)
save("palette-transparent.png", palette, format="PNG", transparency=bytes(range(0, 248, 8)))
save("palette-transparent-index.png", palette, format="PNG", transparency=3)
save("rgb-transparent-colour.png", rgb, format="PNG", transparency=rgb.getpixel((3, 3)))
save("icc.png", rgb, format="PNG", icc_profile=icc)
save("grey-icc.png", grey, format="PNG", icc_profile=icc)
save("rgba-icc.png", rgba, format="PNG", icc_profile=icc)
save("palette-icc.png", palette, format="PNG", icc_profile=icc)
for orientation in (3, 6):
    save(f"orientation-{orientation}.png", rgb, format="PNG", exif=exif(orientation))
    save(f"orientation-{orientation}.webp", rgb, format="WEBP", lossless=True, exif=exif(orientation))
gamma = png_chunk(b"gAMA", struct.pack(">I", 100000)) + png_chunk(b"cHRM", struct.pack(">8I", *[30000, 30000] * 4))
files["gamma.png"] = raw_png(np.asarray(rgb).reshape(H, W * 3), 8, 2, gamma)
packed = pattern(26, 11)[..., 0]
files["grey-2bit.png"] = raw_png(packed, 2, 0)
files["grey-4bit.png"] = raw_png(packed, 4, 0)
files["palette-2bit.png"] = raw_png(packed, 2, 3, png_chunk(b"PLTE", bytes([9, 200, 30, 255, 0, 1, 77, 77, 78, 3, 250, 251])))
wide = pattern(48, 12, 2)
files["rgb-16bit.png"] = raw_png(wide.reshape(12, -1), 16, 2)
files["rgba-16bit.png"] = raw_png(pattern(64, 12, 3)[..., 0], 16, 6)
files["grey-16bit.png"] = raw_png(pattern(48, 12, 4)[..., 1], 16, 0)
files["grey-alpha-16bit.png"] = raw_png(pattern(48, 12, 4)[..., 2], 16, 4)

save("lossless.webp", rgb, format="WEBP", lossless=True)
save("lossy.webp", rgb, format="WEBP", quality=80)
save("lossless-alpha.webp", rgba, format="WEBP", lossless=True, exact=True)
save("lossy-alpha.webp", rgba, format="WEBP", quality=80)
save("icc.webp", rgb, format="WEBP", lossless=True, icc_profile=icc)
save("animated.webp", rgb, format="WEBP", lossless=True, save_all=True, append_images=[ImageOps.invert(rgb)])

pictures = {}
for name, data in files.items():
    (out / "images" / name).write_bytes(data)
    image = Image.open(io.BytesIO(data))
    if image.mode == "I;16":
        # PIL clips 16-bit grey to 255, which makes it white; we keep the high byte, as PIL itself does for 16-bit colour.
        image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    upright = ImageOps.exif_transpose(image)
    pictures[name] = {
        "mode": image.mode,
        "width": upright.width,
        "height": upright.height,
        "upright": sha256(np.asarray(upright.convert("RGB"))),
        "stored": sha256(np.asarray(image.convert("RGB"))),
    }

# --- preprocessing ------------------------------------------------------------------------------------------------------
resamples = {"nearest": Image.NEAREST, "bilinear": Image.BILINEAR, "bicubic": Image.BICUBIC}
imagenet = ("torchvision", [0.485, 0.456, 0.406], [0.229, 0.224, 0.225])


def case(width, height, resize_to, crop, filter="bilinear", arithmetic=imagenet):
    image = Image.fromarray(pattern(width, height, width + height))
    resized = image if resize_to is None else resize(image, resize_to, resamples[filter])
    cropped = resized if crop is None else center_crop(resized, crop)
    tensor = normalize(cropped, arithmetic)
    assert torchvision_agrees(image, resize_to, crop, resamples[filter], arithmetic, tensor), (width, height, resize_to, crop)
    options = {
        "resize": {"mode": "none"}
        if resize_to is None
        else {"mode": "shorter-side" if isinstance(resize_to, int) else "squash", "size": resize_to, "filter": filter},
        "crop": {"mode": "none"} if crop is None else {"mode": "center", "size": crop},
    }
    return {
        "width": width,
        "height": height,
        "options": options,
        "shape": list(tensor.shape),
        "sha256": sha256(tensor.astype("<f4")),
    }


sizes = [(1, 1), (2, 3), (7, 5), (31, 64), (100, 100), (223, 225), (224, 224), (255, 257), (256, 256), (300, 199), (333, 500)]
sizes += [(500, 333), (500, 375), (499, 374), (640, 427), (601, 3), (3, 601), (1024, 37), (1001, 777)]
cases = []
for width, height in sizes:
    cases.append(case(width, height, 256, 224))
    for filter in resamples:
        cases.append(case(width, height, (224, 224), None, filter))
        cases.append(case(width, height, 57, 48, filter))
    cases.append(case(width, height, (31, 97), None))
    cases.append(case(width, height, None, 224))
    cases.append(case(width, height, None, (33, 46)))
    cases.append(case(width, height, 16, (40, 15)))
    cases.append(case(width, height, None, None))

# --- maps placed on the original: torch's antialiased bilinear interpolation, which is the plain one when enlarging ---------
def placed(height, width, out_height, out_width):
    values = (pattern(width, height, 7)[..., 0] / 255.0).astype(np.float32)
    resized = torch.nn.functional.interpolate(
        torch.from_numpy(values.astype(np.float64))[None, None], size=(out_height, out_width), mode="bilinear", antialias=True
    )[0, 0].numpy()
    return {
        "map": {"shape": [height, width], "values": [float(v) for v in values.ravel()]},
        "placed": {"shape": [out_height, out_width], "values": [float(f"{v:.9g}") for v in resized.ravel()]},
    }


maps = [placed(*sizes) for sizes in [(7, 7, 20, 13), (6, 8, 6, 8), (5, 4, 9, 3), (24, 17, 10, 5), (3, 40, 1, 41)]]

made_with = {
    "script": "tooling/reference/image/make_fixtures.py",
    "pillow": PIL.__version__,
    "torch": torch.__version__.split("+")[0],
    "numpy": np.__version__,
}
(out / "images.json").write_text(json.dumps({"madeWith": made_with, "images": pictures}, indent=1) + "\n")
lines = ",\n".join(json.dumps(c) for c in cases)
(out / "preprocess.json").write_text(
    '{"madeWith": ' + json.dumps(made_with) + ',\n"cases": [\n' + lines + "\n]}\n"
)
(out / "placed.json").write_text(json.dumps({"madeWith": made_with, "maps": maps}) + "\n")
print(len(files), "pictures,", sum(map(len, files.values())), "bytes;", len(cases), "cases")
