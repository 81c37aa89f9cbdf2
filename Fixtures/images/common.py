"""What the scripts of this folder have in common."""

from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parent


def picture(width, height):
    """Soft gradients, a disc and a bar: every channel differs and nothing is symmetric."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    red = 255 * x / max(width - 1, 1)
    green = 255 * y / max(height - 1, 1)
    blue = 127 + 120 * np.sin(x / 5 + y / 9)
    image = np.stack([red, green, blue], axis=-1)
    disc = (x - width * 0.3) ** 2 + (y - height * 0.35) ** 2 < (min(width, height) * 0.2) ** 2
    image[disc] = [230, 40, 30]
    image[int(height * 0.7) : int(height * 0.8), int(width * 0.1) :] = [20, 60, 200]
    return np.clip(np.rint(image), 0, 255).astype(np.uint8)


def write_ppm(name, rgb):
    height, width, _ = rgb.shape
    header = f"P6\n{width} {height}\n255\n".encode()
    (FOLDER / f"{name}.ppm").write_bytes(header + rgb.astype(np.uint8).tobytes())


def over_white(rgb, alpha):
    alpha = alpha[..., None].astype(np.float64)
    return np.floor((rgb * alpha + 255 * (255 - alpha)) / 255 + 0.5).astype(np.uint8)
