"""Makes augmentation.safetensors: torchvision's results for one small image.

    python3 make_augmentation.py        (torch, torchvision, safetensors, NumPy)

`input` [17, 17, 3] uint8; the others [17, 17, 3] or [S, S, 3] float32 in 0...1, channels last. The
numbers in the names are the arguments. Deterministic.
"""

from pathlib import Path

import torch

from make import picture

try:
    import torchvision.transforms.functional as F
except RuntimeError:
    # torchvision without its compiled operators, which nothing here uses.
    library = torch.library.Library("torchvision", "DEF")
    for name in ("nms", "qnms", "roi_align", "qroi_align", "roi_pool", "ps_roi_align",
                 "ps_roi_pool", "deform_conv2d"):
        library.define(f"{name}(Tensor a) -> Tensor")
        library.define(f"_{name}_backward(Tensor a) -> Tensor")
    import torchvision.transforms.functional as F
from safetensors.numpy import save_file


def last(tensor):
    return tensor.permute(1, 2, 0).contiguous().numpy()


def main():
    pixels = torch.from_numpy(picture(17, 17))
    image = pixels.permute(2, 0, 1).float() / 255
    result = {"input": pixels.numpy()}
    for factor in (0.5, 1.4):
        result[f"brightness {factor}"] = last(F.adjust_brightness(image, factor))
        result[f"contrast {factor}"] = last(F.adjust_contrast(image, factor))
        result[f"saturation {factor}"] = last(F.adjust_saturation(image, factor))
    for turn in (-0.5, -0.1, 0.07, 0.5):
        result[f"hue {turn}"] = last(F.adjust_hue(image, turn))
    result["greyscale"] = last(F.rgb_to_grayscale(image, 3))
    for sigma in (0.1, 0.8, 2.0):
        result[f"blur {sigma}"] = last(F.gaussian_blur(image, [5, 5], [sigma, sigma]))
    for x, y, width, height, edge in ((0, 0, 17, 17, 8), (3, 2, 9, 11, 16), (1, 4, 16, 5, 7),
                                      (16, 16, 1, 1, 3)):
        crop = F.resized_crop(image, y, x, height, width, [edge, edge], antialias=True)
        result[f"crop {x} {y} {width} {height} {edge}"] = last(crop)
    save_file(result, Path(__file__).parent / "augmentation.safetensors")


if __name__ == "__main__":
    main()
