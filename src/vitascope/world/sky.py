"""The sky at a moment: sun, moon, colours of the dome, clouds and stars, from the hour and the weather."""

from __future__ import annotations

from dataclasses import dataclass

from vitascope.world.material import Rgb

__all__ = ["Sky"]

Vec3 = tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sky:
    """Colours are linear radiance (1 is a white sheet in full sun); directions are unit vectors towards the light."""

    sun_direction: Vec3 = (0.4, 0.7, 0.6)
    sun_colour: Rgb = (3.0, 2.8, 2.5)
    """Irradiance of the key light on a surface that faces it (the sun by day, the moon by night)."""
    zenith: Rgb = (0.12, 0.25, 0.6)
    horizon: Rgb = (0.6, 0.7, 0.85)
    glow: Rgb = (0.4, 0.3, 0.15)
    """Added round the sun, widest along the horizon."""
    ground: Rgb = (0.2, 0.18, 0.15)
    """Light that comes back from below."""
    cloud_cover: float = 0.25
    cloud_colour: Rgb = (1.0, 1.0, 1.0)
    cloud_shade: Rgb = (0.45, 0.5, 0.6)
    cloud_height: float = 900.0
    cloud_offset: tuple[float, float] = (0.0, 0.0)
    """Drift of the clouds in metres so far."""
    sea_of_clouds: float | None = None
    """Height [m] of the top of a layer of cloud below the camera, or None."""
    stars: float = 0.0
    """0..1 visibility of stars and the Milky Way."""
    moon_direction: Vec3 = (-0.4, 0.5, -0.7)
    moon_phase: float = 0.7
    """0 new, 1 full."""
    moon_visible: float = 0.0
    earth: float = 0.0
    """Apparent size of the Earth in degrees, 0 for none (skies of the moon)."""
    airless: bool = False
    """Black sky and hard light: no air at all."""
    plain: Rgb | None = None
    """A backdrop of one colour (studio) with a soft gradient, instead of a sky."""
    disc_direction: Vec3 = (0.4, 0.7, 0.6)
    """Where the sun's disc stands; differs from the key once the sun is below the horizon or a lamp replaces it."""
    disc: float = 1.0
    """0..1, how much of the sun's disc shows through the air."""
    disc_radius: float = 0.7
    """Apparent radius of sun and moon in degrees (a film likes them larger than the true 0.27)."""
    belt: Rgb = (0.0, 0.0, 0.0)
    """Added low in the sky opposite the sun (the belt of Venus at twilight)."""
    cirrus: float = 0.3
    """0..1, high thin streaks."""
    overcast: float = 0.0
    """0..1, a closed flat layer instead of heaps."""
    storm: float = 0.0
    """0..1, dark towering bases."""
    haze: float = 0.0
    """0..1, how far fog hides the dome."""
    aurora: float = 0.0
    bolt: tuple[float, float, float, float] | None = None
    """The lightning seen now: x and z of its foot [m], seed, brightness 0..1."""
