"""What can be measured of clips without knowing what they show.

Clips are uint8 (T, H, W, 3) sRGB; numbers are of values in [0, 1].
"""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter

__all__ = ["flicker", "motion", "psnr", "ssim"]

BRIGHTNESS = np.array([0.2126, 0.7152, 0.0722])
"""Of red, green and blue, ITU-R BT.709."""
WINDOW = 1.5
"""Deviation [px] of the window of SSIM."""


def motion(frames: np.ndarray) -> float:
    """Mean change of a pixel from frame to frame: 0 where nothing moves."""
    return float(np.abs(np.diff(_unit(frames), axis=0)).mean())


def flicker(frames: np.ndarray) -> float:
    """Mean distance of a pixel from the mean of the frames before and after it: what steady motion over smooth things lacks."""
    values = _unit(frames)
    return float(np.abs(values[1:-1] - (values[:-2] + values[2:]) / 2).mean())


def psnr(frames: np.ndarray, original: np.ndarray) -> float:
    """Peak signal-to-noise ratio [dB] over the whole clip; infinite where both are the same."""
    error = float(np.square(_unit(frames) - _unit(original)).mean())
    return float("inf") if error == 0 else float(-10 * np.log10(error))


def ssim(frames: np.ndarray, original: np.ndarray) -> float:
    """Structural similarity of brightness (Wang et al. 2004), on the mean of frames; 1 where both are the same."""
    a, b = (_unit(each) @ BRIGHTNESS for each in (frames, original))

    def around(values: np.ndarray) -> np.ndarray:
        return gaussian_filter(values, (0, WINDOW, WINDOW), truncate=3.5)

    mean_a, mean_b = around(a), around(b)
    var_a, var_b = around(a * a) - mean_a**2, around(b * b) - mean_b**2
    both = around(a * b) - mean_a * mean_b
    c1, c2 = 0.01**2, 0.03**2
    found = (2 * mean_a * mean_b + c1) * (2 * both + c2) / ((mean_a**2 + mean_b**2 + c1) * (var_a + var_b + c2))
    return float(found.mean())


def _unit(frames: np.ndarray) -> np.ndarray:
    return frames.astype(np.float64) / 255
