// The dome: what light comes from a direction, without sun, moon and stars (sky_bodies.wgsl). Needs frame.wgsl.

struct Sky {
    zenith: vec4f,        // w cloud cover
    horizon: vec4f,       // w overcast
    glow: vec4f,          // w storm
    ground: vec4f,        // w haze
    belt: vec4f,          // w cirrus
    disc: vec4f,          // direction of the sun's disc, w how much of it shows
    moon: vec4f,          // direction, w phase
    cloud_colour: vec4f,  // w base height [m]
    cloud_shade: vec4f,   // w top of the sea of clouds [m], far below where there is none
    drift: vec4f,         // offset of the clouds in x and z [m], z stars, w moon visible
    plain: vec4f,         // backdrop, w 1 where it replaces the sky
    bodies: vec4f,        // radius of the Earth [rad], 1 where there is no air, radius of sun and moon [rad], aurora
    bolt: vec4f,          // lightning: foot x, z [m], seed, brightness
}
@group(0) @binding(1) var<uniform> sky: Sky;

const STYLE_ANIME = 1.0;
const STYLE_FLAT = 2.0;
const STYLE_CLAY = 3.0;

// Radiance that a flash of lightning adds, in proportion to the exposure, so that it never burns the picture out.
fn lightning_light() -> vec3f { return vec3f(0.72, 0.78, 1.0) * (frame.sun.w / max(frame.sun_colour.w, 0.2)); }

fn style_is(index: f32) -> bool { return abs(frame.style.x - index) < 0.5; }

// Radiance of the dome, smooth: gradient, halo, twilight belt and the light of the ground below the horizon.
fn sky_radiance(d: vec3f) -> vec3f {
    if (asked(sky.plain.w, d.y) > 0.5) { return backdrop(d); }
    if (asked(sky.bodies.y, d.y) > 0.5) { return sky.ground.rgb * smoothstep(0.05, -0.3, d.y); }
    let up = max(d.y, 0.0);
    if (asked(frame.misc.w, d.y) > 0.5) {
        let lit = mix(sky.horizon.rgb, sky.zenith.rgb, square(smoothstep(-0.25, 1.0, d.y)));
        return mix(lit, sky.ground.rgb, smoothstep(0.05, -0.9, d.y));
    }
    let flat_d = normalize(d.xz + vec2f(1e-5, 0.0));
    let flat_s = normalize(sky.disc.xz + vec2f(1e-5, 0.0));
    let along = dot(flat_d, flat_s);
    let low_sun = smoothstep(0.35, 0.0, sky.disc.y);
    let low = exp(-mix(5.2, 7.5, low_sun) * up) * 0.8 + exp(-22.0 * up) * 0.2;
    var c = mix(sky.zenith.rgb, sky.horizon.rgb, low);
    // Halo of forward scattering round the sun, stretched along the horizon when the sun is low.
    let source = normalize(vec3f(sky.disc.x, max(sky.disc.y, -0.02), sky.disc.z));
    let cos_sun = clamp(dot(normalize(vec3f(d.x, max(d.y, 0.0), d.z)), source), 0.0, 1.0);
    let sharp = log2(max(cos_sun, 1e-6));
    let core = 0.45 * exp2(40.0 * sharp) + 0.9 * exp2(320.0 * sharp) * (1.0 - sky.ground.w);
    let halo = mix(0.30, 0.20, low_sun) * exp2(6.0 * sharp) + core;
    let band = square(square(0.5 + 0.5 * along)) * exp(-8.0 * up) * low_sun;
    c += sky.glow.rgb * (halo * mix(1.0, exp(-2.2 * up), low_sun) + 0.75 * band);
    let opposite = square(0.5 - 0.5 * along);
    c += sky.belt.rgb * opposite * exp(-square((up - 0.15) / 0.11));
    c -= c * 0.22 * opposite * low_sun * exp(-up * 24.0);
    c = mix(c, frame.air_colour.rgb, (1.0 - square(1.0 - sky.ground.w) * (1.0 - sky.ground.w)) * (0.72 + 0.28 * exp(-3.0 * up)));
    c += lightning_light() * (0.30 + 0.25 * up);
    return mix(c, sky.ground.rgb, smoothstep(-0.02, -0.35, d.y));
}

fn backdrop(d: vec3f) -> vec3f {
    let lift = 0.82 + 0.28 * smoothstep(-0.35, 0.5, d.y);
    let centre = exp(-2.2 * dot(d.xy - vec2f(0.0, 0.05), d.xy - vec2f(0.0, 0.05)));
    return sky.plain.rgb * lift * mix(0.72, 1.08, select(0.6, centre, d.z < 0.0));
}
