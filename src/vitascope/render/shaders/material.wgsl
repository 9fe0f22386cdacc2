// From a point of the geometry buffer to a surface ready for light: colour, marking, micro-structure, weather.
#include "patterns.wgsl"
#include "micro.wgsl"

fn material_at(point: Point, v: vec3f) -> Lit {
    let colours = surfaces[point.surface].colours;
    let traits = surfaces[point.surface].traits;
    let kinds = surfaces[point.surface].kind;
    let tint = slots[point.slot].tint;
    let flags = slots[point.slot].joints.w;
    let kind = kinds.x & 255u;
    let rg = unpack2x16float(colours.x);
    let br = unpack2x16float(colours.y);
    let trait4 = unpack4x8unorm(traits.y);
    let emission_detail = unpack2x16float(traits.z);
    let scales = unpack2x16float(traits.w);
    let rest_normal = normalize(transpose(point.turn) * point.normal);

    var s: Lit;
    s.albedo = vec3f(rg, br.x);
    s.roughness = br.y;
    s.metal = trait4.x;
    s.coat = trait4.y;
    s.translucency = trait4.z;
    s.cavity = 1.0;
    s.shine = 1.0;
    s.smooth_normal = point.normal;
    s.normal = point.normal;

    let under = unpack4x8unorm(traits.x);
    if (under.w > 0.0) {
        let below = smoothstep(0.15, -0.75, rest_normal.y + 0.15 * (noise3(point.rest * 12.0) - 0.5));
        s.albedo = mix(s.albedo, under.rgb * under.rgb, below * under.w);
    }
    let grazing = point.size / max(dot(point.normal, v), 0.25);
    var layer = 0.0;
    let pattern = (kinds.x >> 8u) & 255u;
    if (PATTERNS_USED > 1u && pattern > 0u) {
        let pattern_rg = unpack2x16float(colours.z);
        let pattern_ba = unpack2x16float(colours.w);
        let span = unpack2x16float(kinds.y) * select(tint.w, 1.0, (flags & GROUND) != 0u);
        let height = (point.rest.y - span.x) / max(span.y - span.x, 1e-4);
        layer = marking(pattern, point.rest, rest_normal, max(scales.x, 1e-3), point.mask, height, grazing);
        layer *= pattern_ba.y * select(point.mask, 1.0, pattern == 13u);
        s.albedo = mix(s.albedo, vec3f(pattern_rg, pattern_ba.x), layer);
    }
    s.albedo *= point.colour * tint.rgb;

    let detail = emission_detail.y;
    if (detail > 0.001) { s = with_micro(s, point, kind, rest_normal, detail, max(scales.y, 1e-3), grazing, layer); }
    if (has(40u) && kind == 40u) { s.albedo *= mix(0.03, 1.0, after_dark()); }
    s.glow += s.albedo * emission_detail.x;
    s = weathered(s, point, (flags & 4u) != 0u);
    if (LOOK_PASTEL > 0.0) { s.albedo = mix(s.albedo, sqrt(max(s.albedo, vec3f(0.0))) * 0.62 + 0.1, LOOK_PASTEL); }
    if (LOOK_POSTER > 0.0) { s.albedo = mix(s.albedo, posterised(s.albedo), 0.6 * LOOK_POSTER); }
    return s;
}

// Few values of brightness, the hue kept.
fn posterised(c: vec3f) -> vec3f {
    let top = max(max(c.r, max(c.g, c.b)), 1e-4);
    return c * (square(max(floor(sqrt(top) * 6.0 + 0.5), 1.0) / 6.0) / top);
}

fn with_micro(base: Lit, point: Point, kind: u32, n: vec3f, detail: f32, scale: f32, size: f32, layer: f32) -> Lit {
    var s = base;
    let p = point.rest / scale;
    let pixel = size / scale;
    let across = normalize(select(vec3f(0.0, n.z, -n.y), vec3f(n.z, 0.0, -n.x), abs(n.y) < 0.9));
    let along = cross(n, across);
    let reach = max(pixel * 0.8, 0.0012);
    var m = vec4f(0.0);
    var slope = vec3f(0.0);
    // Where steps are sharp: one copy of the code for three places, the point and two neighbours, for the slope.
    for (var k = 0; k < select(1, 3, STEPPED); k++) {
        let o = select(select(vec3f(0.0), across, k == 1), along, k == 2);
        let here = micro(kind, p + o * reach, n, pixel);
        if (k == 0) { m = here; } else { slope += o * ((here.x - m.x) / reach); }
    }
    if (!STEPPED) { slope = relief(p, n, m.x, pixel); }
    if (LOOK_LUMPS > 0.0) {
        slope = clay_slope(point.rest, across, along, size) * LOOK_LUMPS;
    } else {
        slope *= detail * LOOK_TEXTURE;
    }
    let steep = length(slope);
    slope *= 1.0 / (1.0 + 0.35 * steep);
    s.normal = normalize(point.normal - point.turn * slope);
    s.cavity = clamp(1.0 - 0.18 * steep, 0.5, 1.0);
    s.albedo *= mix(1.0, m.y, min(detail, 1.5) * LOOK_TEXTURE);
    s.roughness = clamp(s.roughness * mix(1.0, m.w, min(detail, 1.0)), 0.04, 1.0);
    return with_character(s, point, kind, m, layer);
}

// Kneaded lumps and the prints of fingers.
fn clay_slope(p: vec3f, across: vec3f, along: vec3f, size: f32) -> vec3f {
    var h = vec3f(0.0);
    let k = seen(0.006, size);
    for (var i = 0; i < 3; i++) {
        let q = p + select(select(vec3f(0.0), across, i == 1), along, i == 2) * 0.002;
        let print = cells3(q * 6.0);
        let ridges = sin(print.x * 160.0 + 3.0 * noise3(q * 14.0)) * smoothstep(0.6, 0.3, print.x) * step(0.45, print.z);
        h[i] = 0.012 * noise3(q * 7.0) + 0.004 * noise3(q * 23.0) + 0.00022 * ridges * k;
    }
    return (across * (h.y - h.x) + along * (h.z - h.x)) / 0.002;
}

// Surfaces with sharp steps (plates, bricks, tiles, planks, bark), whose slope must not depend on which pixels are a pair.
const STEPPED = ((SURFACES_LOW & 0x003A8118u) | (SURFACES_HIGH & 0x21u)) != 0u;

// Gradient along the surface of a height [m] from the differences to the neighbouring pixels (Mikkelsen 2010); none across
// the border to another surface, where a neighbour lies too far off.
fn relief(p: vec3f, n: vec3f, h: f32, pixel: f32) -> vec3f {
    let px = dpdx(p);
    let py = dpdy(p);
    let hx = dpdx(h);
    let hy = dpdy(h);
    let rx = cross(py, n);
    let ry = cross(n, px);
    let area = dot(px, rx);
    let near = max(dot(px, px), dot(py, py)) < 16.0 * pixel * pixel;
    let gradient = (rx * hx + ry * hy) * (sign(area) / max(abs(area), 0.02 * pixel * pixel));
    return select(vec3f(0.0), gradient, near);
}

// What sets a kind of surface apart beyond bumps: piles, gloss, joints, lit windows.
fn with_character(base: Lit, point: Point, kind: u32, m: vec4f, layer: f32) -> Lit {
    var s = base;
    if (has(1u) && kind == 1u) {
        s.reddening = 1.0;
        s.translucency = max(s.translucency, 0.35);
        s.albedo *= mix(vec3f(1.0), vec3f(1.08, 0.93, 0.92), m.z);
    }
    if ((has(2u) && kind == 2u) || (has(33u) && kind == 33u)) {
        s.fuzz = 0.85;
        s.translucency = max(s.translucency, 0.25);
        s.shine = select(0.6, 1.6, kind == 33u);
    }
    if (has(3u) && kind == 3u) { s.fuzz = 0.4; }
    if (has(4u) && kind == 4u) {
        s.shine = 2.5;
        s.roughness = min(s.roughness, 0.42);
        s.albedo *= mix(vec3f(0.85, 1.0, 1.1), vec3f(1.12, 1.0, 0.85), m.z);
    }
    if (has(5u) && kind == 5u) { s.fuzz = 0.35; s.shine = 0.6; }
    if (has(10u) && kind == 10u) {
        s.fuzz = 0.35;
        s.shine = 0.4;
        s.translucency = max(s.translucency, 0.35);
        s.albedo *= mix(vec3f(1.0), vec3f(1.25, 1.06, 0.72), smoothstep(0.5, 0.8, m.z) * 0.6);
    }
    if (has(36u) && kind == 36u) {
        s.translucency = max(s.translucency, 0.5);
        s.fuzz = max(s.fuzz, 0.7);
        s.shine = 0.5;
        s.albedo *= mix(vec3f(0.85, 1.0, 0.9), vec3f(1.25, 1.1, 0.8), m.z);
    }
    if (has(11u) && kind == 11u) { s.albedo *= mix(vec3f(1.05, 1.0, 0.94), vec3f(0.94, 1.0, 1.06), m.z); }
    if ((has(13u) && kind == 13u) || (has(14u) && kind == 14u)) {
        // Single grains that face the light glitter where a pixel holds few of them.
        let h = hash3(vec3i(floor(point.rest * 260.0)));
        s.glow += frame.sun_colour.rgb * (smoothstep(0.992, 1.0, h) * 0.22 * seen(0.02, point.size) * step(0.1, dot(s.normal, frame.sun.xyz)));
    }
    if (has(14u) && kind == 14u) {
        s.translucency = max(s.translucency, 0.4);

    }
    if (has(15u) && kind == 15u) { s.albedo = mix(s.albedo, vec3f(0.42, 0.39, 0.35) * luminance(point.colour), m.z); }
    if (has(23u) && kind == 23u) { s.coat = max(s.coat, 0.9); }
    if (has(29u) && kind == 29u) { s.coat = max(s.coat, 0.6); }
    if (has(31u) && kind == 31u) { s.coat = 1.0; s.roughness = 0.3; }
    if (has(26u) && kind == 26u) { s.translucency = max(s.translucency, 0.5); s.shine = 1.5; }
    if (has(35u) && kind == 35u) { s.shine = 0.0; }
    if (has(39u) && kind == 39u) { s.translucency = 0.9; s.shine = 0.0; }
    if (has(32u) && kind == 32u && m.z > 0.5) { s = with_window(s, point, m.z - 1.0); }
    return s;
}

// 1 when the sky is dark, 0 by day: how far windows are lit.
fn after_dark() -> f32 { return 1.0 - smoothstep(0.03, 0.3, luminance(sky.zenith.rgb + sky.horizon.rgb) * 0.5); }

fn with_window(base: Lit, point: Point, name: f32) -> Lit {
    var s = base;
    s.albedo = vec3f(0.02, 0.026, 0.03) + vec3f(0.05, 0.045, 0.04) * step(0.55, fract(name * 7.0));
    s.roughness = 0.06;
    s.shine = 1.6;
    s.normal = normalize(point.normal + 0.02 * vec3f(fract(name * 13.0) - 0.5, fract(name * 29.0) - 0.5, fract(name * 57.0) - 0.5));
    let dark = after_dark();
    let lamp = mix(vec3f(1.0, 0.62, 0.28), vec3f(0.85, 0.9, 1.0), smoothstep(0.8, 0.95, fract(name * 19.0)));
    let curtain = 0.45 + 0.55 * fract(name * 41.0);
    s.glow = lamp * (step(0.58, fract(name * 5.3)) * dark * curtain * 1.1 / max(frame.sun_colour.w, 0.4));
    return s;
}

fn weathered(base: Lit, point: Point, moving: bool) -> Lit {
    var s = base;
    let up = s.smooth_normal.y;
    if (WET && asked(frame.weather.z, up) > 0.01) {
        let wet = frame.weather.z * mix(0.35, 1.0, point.open);
        let flat_ = smoothstep(0.93, 0.995, up) * select(1.0, 0.0, moving);
        let hollow = flat_ * smoothstep(0.5, 0.62, 0.7 * noise2(point.world.xz * 0.55) + 0.3 * noise2(point.world.xz * 2.1)) * smoothstep(0.25, 0.7, wet);
        s.albedo *= mix(1.0, 0.52, wet * (1.0 - s.metal));
        s.roughness = mix(s.roughness, max(s.roughness * 0.4, 0.08), wet);
        s.roughness = mix(s.roughness, 0.05, hollow);
        s.normal = normalize(mix(s.normal, s.smooth_normal, max(hollow, 0.35 * wet)));
        s.fuzz *= 1.0 - 0.6 * wet;
        s.shine = mix(s.shine, max(s.shine, 1.0), wet);
    }
    if (SNOWY && !moving && asked(frame.weather.w, up) > 0.01) {
        let wavering = 0.5 * grain(point.world, 2.3, point.size) + 0.3 * grain(point.world, 7.0, point.size) + 0.2 * s.normal.y;
        let line = mix(1.05, 0.1, frame.weather.w);
        let k = smoothstep(line - 0.07, line + 0.07, up * 0.75 + (wavering - 0.4) * 0.5) * smoothstep(0.2, 0.45, point.open + 0.15);
        let soft = normalize(mix(s.normal, s.smooth_normal, 0.65));
        s.albedo = mix(s.albedo, vec3f(0.86, 0.89, 0.94), k);
        s.normal = normalize(mix(s.normal, soft, k));
        s.roughness = mix(s.roughness, 0.75, k);
        s.metal *= 1.0 - k;
        s.coat *= 1.0 - k;
        s.translucency = mix(s.translucency, 0.35, k);
    }
    return s;
}
