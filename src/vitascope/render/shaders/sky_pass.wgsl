// Sky and clouds: `march` draws clouds small, `compose` puts them over the dome wherever there is nothing nearer.
#include "frame.wgsl"
#include "sky.wgsl"
#include "sky_bodies.wgsl"
#include "clouds.wgsl"
#include "air.wgsl"
#include "cloud_march.wgsl"

@group(1) @binding(0) var scene_depth: texture_depth_2d;
@group(1) @binding(1) var billows: texture_3d<f32>;
@group(1) @binding(2) var billow_sampler: sampler;

// Light of the clouds in a pixel of the small picture, premultiplied; w is how much of what lies behind is hidden.
@fragment fn march(@builtin(position) at: vec4f) -> @location(0) vec4f {
    let pixel = (floor(at.xy) + 0.5) * CLOUD_STRIDE;
    let depth = textureLoad(scene_depth, vec2i(pixel), 0);
    let d = ray_at(pixel);
    var c = vec4f(0.0);
    if (depth <= 0.0 || near_sky(pixel)) { c = clouds_along(d, dither(at.xy)); }
    if (CLOUD_SEA > 0u) {
        let end = select(1e6, length(world_at(pixel, depth) - frame.camera.xyz), depth > 0.0);
        let below = sea_of_clouds(d, end, 0.25 + 0.5 * dither(at.xy));
        c = select(c, vec4f(0.0), depth > 0.0) * (1.0 - below.a) + below;
    }
    return c;
}

// Whether sky is within reach of the smooth look at the small picture.
fn near_sky(pixel: vec2f) -> bool {
    let reach = vec2i(i32(CLOUD_STRIDE) * 2, 0);
    let at = vec2i(pixel);
    let limit = vec2i(frame.screen.xy) - 1;
    let up = textureLoad(scene_depth, clamp(at - reach.yx, vec2i(0), limit), 0);
    let down = textureLoad(scene_depth, clamp(at + reach.yx, vec2i(0), limit), 0);
    let left = textureLoad(scene_depth, clamp(at - reach, vec2i(0), limit), 0);
    let right = textureLoad(scene_depth, clamp(at + reach, vec2i(0), limit), 0);
    return min(min(up, down), min(left, right)) <= 0.0;
}

@group(2) @binding(0) var small: texture_2d<f32>;
@group(2) @binding(1) var small_sampler: sampler;

// Cubic (B-spline) look at the small picture from four bilinear ones.
fn small_smooth(uv: vec2f) -> vec4f {
    let size = vec2f(textureDimensions(small));
    let p = uv * size - 0.5;
    let f = fract(p);
    let base = p - f;
    let w0 = (1.0 - f) * (1.0 - f) * (1.0 - f) / 6.0;
    let w1 = (4.0 - 6.0 * f * f + 3.0 * f * f * f) / 6.0;
    let w3 = f * f * f / 6.0;
    let w2 = 1.0 - w0 - w1 - w3;
    let g0 = w0 + w1;
    let g1 = w2 + w3;
    let a = (base - 0.5 + w1 / g0) / size;
    let b = (base + 1.5 + w3 / g1) / size;
    let above = g0.x * textureSampleLevel(small, small_sampler, a, 0.0) + g1.x * textureSampleLevel(small, small_sampler, vec2f(b.x, a.y), 0.0);
    let below = g0.x * textureSampleLevel(small, small_sampler, vec2f(a.x, b.y), 0.0) + g1.x * textureSampleLevel(small, small_sampler, b, 0.0);
    return g0.y * above + g1.y * below;
}

@fragment fn compose(@builtin(position) at: vec4f) -> @location(0) vec4f {
    let d = ray_at(at.xy);
    if (style_is(STYLE_FLAT)) { return vec4f(flat_sky(d), 1.0); }
    var uv = at.xy * frame.screen.zw;
    if (CLOUD_HEAPS > 0u && !style_is(STYLE_CLAY)) {
        // The small picture is bent by billows finer than its pixels, which drift with the clouds.
        let p = d.xz * (sky.cloud_colour.w / (max(d.y, 0.0) + 0.10)) - sky.drift.xy;
        let scale = 0.011 * max(d.y, 0.0) + 0.0025;
        let wobble = vec2f(noise2(p * scale + d.y * 90.0), noise2(p * scale + 40.0 - d.y * 90.0)) - 0.5;
        uv += wobble * (2.0 * CLOUD_STRIDE) * frame.screen.zw * smoothstep(0.01, 0.08, d.y);
    }
    var cloud = vec4f(0.0);
    if (CLOUD_VEILS + CLOUD_DECK + CLOUD_HEAPS + CLOUD_SEA > 0u) { cloud = small_smooth(uv); }
    let edge = select(vec2f(0.06, 0.9), vec2f(0.30, 0.66), style_is(STYLE_ANIME));
    let crisp = mix(cloud.a, smoothstep(edge.x, edge.y, cloud.a), select(0.45, 0.95, style_is(STYLE_ANIME)) * (1.0 - sky.horizon.w));
    cloud = vec4f(cloud.rgb * (crisp / max(cloud.a, 0.003)), crisp);
    // Sun, moon and stars go out behind all but the thinnest cloud.
    let through = (1.0 - cloud.a) * smoothstep(0.0, 0.3, 1.0 - cloud.a);
    var c = sky_full(d) * through + cloud.rgb;
    if (frame.misc.w > 0.5) { c += shafts(d, 100.0); }
    c += (dither(at.xy) - 0.5) * 0.004 * c;
    return vec4f(c, 1.0);
}

// A sky of paper: bands of colour, and clouds of circles on a straight base.
fn flat_sky(d: vec3f) -> vec3f {
    let band = floor(max(d.y, 0.0) * 11.0 + 0.25 * d.x + 0.35) / 11.0;
    let level = normalize(vec3f(d.x, select(d.y, band, d.y > 0.0), d.z));
    var c = sky_full(vec3f(level.x, level.y, level.z));
    if (CLOUD_HEAPS + CLOUD_DECK > 0u) {
        let around = atan2(d.x, -d.z);
        for (var row = 0; row < 3; row++) {
            let far = f32(row);
            let size = 0.105 - 0.026 * far;
            let x = (around - sky.drift.x * (0.00010 - 0.00002 * far)) / (size * 4.4) + far * 0.37;
            let cell = floor(x);
            let h = hash2v(vec2i(i32(cell), 7 + row * 31));
            let here = step(h.x, 0.25 + 0.9 * sky.zenith.w);
            let base = 0.15 - 0.05 * far + 0.05 * h.y;
            let p = vec2f((x - cell - 0.5) * 4.4, (d.y - base) / size);
            let shape = min(min(length(p - vec2f(-0.62, 0.10)) - 0.42, length(p - vec2f(-0.05, 0.32)) - 0.62),
                min(length(p - vec2f(0.60, 0.16)) - 0.46, length(p - vec2f(1.02, 0.0)) - 0.28));
            let inside = smoothstep(0.03, 0.0, shape) * smoothstep(-0.02, 0.01, p.y) * here;
            let tone = mix(sky.cloud_shade.rgb * 0.5 + sky.cloud_colour.rgb * 0.6, sky.cloud_colour.rgb, step(0.30, p.y + 0.12 * p.x));
            c = mix(c, mix(tone, sky.horizon.rgb, 0.22 * far), inside * 0.96);
        }
    }
    return c;
}

// The sea of clouds over terrain: four small pixels, each as far as it belongs to the same surface.
@fragment fn compose_below(@builtin(position) at: vec4f) -> @location(0) vec4f {
    let depth = textureLoad(scene_depth, vec2i(at.xy), 0);
    let p = at.xy / CLOUD_STRIDE - 0.5;
    let f = fract(p);
    let base = vec2i(floor(p));
    let limit = vec2i(textureDimensions(small)) - 1;
    var sum = vec4f(0.0);
    var weight = 1e-5;
    for (var j = 0; j <= 1; j++) {
        for (var i = 0; i <= 1; i++) {
            let q = clamp(base + vec2i(i, j), vec2i(0), limit);
            let other = textureLoad(scene_depth, vec2i((vec2f(q) + 0.5) * CLOUD_STRIDE), 0);
            let apart = abs(other - depth) / max(min(other, depth), 1e-9);
            let share = select(1.0 - f, f, vec2<bool>(i == 1, j == 1));
            let w = (share.x * share.y + 1e-3) / (1.0 + square(apart * 12.0));
            sum += textureLoad(small, q, 0) * w;
            weight += w;
        }
    }
    return select(vec4f(0.0), sum / weight, depth > 0.0);
}

// A triangle as far off as the sea of clouds can be at its nearest: what stands before that is not looked at.
@vertex fn below_vertex(@builtin(vertex_index) i: u32) -> @builtin(position) vec4f {
    let nearest = max(frame.camera.y - sky.cloud_shade.w, frame.misc.y) * 0.5;
    return vec4f(f32(i & 1u) * 4.0 - 1.0, f32(i >> 1u) * 4.0 - 1.0, min(frame.misc.y / nearest, 1.0), 1.0);
}
