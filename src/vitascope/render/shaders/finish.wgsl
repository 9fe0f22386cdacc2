// From light to a picture: focus, bloom, exposure, tone curve, grade, and the marks of drawn styles.
#include "frame.wgsl"
#include "stage.wgsl"

struct Grade {
    gain: vec4f,     // w saturation
    lift: vec4f,     // w contrast
    tone: vec4f,     // w mono
    more: vec4f,     // fade, bloom, grain, vignette
}
@group(2) @binding(0) var light: texture_2d<f32>;
@group(2) @binding(1) var blurred: texture_2d<f32>;
@group(2) @binding(2) var bloom: texture_2d<f32>;
@group(2) @binding(3) var smooth_sampler: sampler;
@group(2) @binding(4) var g_where: texture_2d<u32>;
@group(2) @binding(5) var g_what: texture_2d<u32>;
@group(2) @binding(6) var g_depth: texture_depth_2d;
@group(2) @binding(7) var<uniform> grade: Grade;

// Filmic curve (fit of the ACES reference by Narkowicz 2016), with a little less toe.
fn filmic(x: vec3f) -> vec3f { return saturate3((x * (2.51 * x + 0.04)) / (x * (2.43 * x + 0.59) + 0.14)); }

fn encode_srgb(c: vec3f) -> vec3f {
    return select(1.055 * pow(max(c, vec3f(0.0031308)), vec3f(1.0 / 2.4)) - 0.055, c * 12.92, c < vec3f(0.0031308));
}

fn light_at(at: vec2f) -> vec3f {
    let uv = at * frame.screen.zw;
    var c = textureLoad(light, clamp(vec2i(at), vec2i(0), vec2i(frame.screen.xy) - 1), 0).rgb;
    if (FOCUS) {
        let soft = textureSampleLevel(blurred, smooth_sampler, uv, 0.0);
        c = mix(c, soft.rgb, smoothstep(0.35, 1.3, soft.a));
    }
    c *= frame.sun_colour.w;
    if (grade.more.y > 0.0) { c += textureSampleLevel(bloom, smooth_sampler, uv, 0.0).rgb * (0.05 * grade.more.y); }
    return c;
}

fn graded(x: vec3f) -> vec3f {
    var c = filmic(x);
    let l = luminance(c);
    c = mix(vec3f(l), c, grade.gain.w);
    c = mix(c, l * grade.tone.rgb, grade.tone.w);
    c = c * grade.gain.rgb + grade.lift.rgb * (1.0 - c);
    c = encode_srgb(max(c, vec3f(0.0)));
    c = mix(vec3f(0.42), c, grade.lift.w);
    return grade.more.x + c * (1.0 - grade.more.x);
}

// 1 where a line belongs: a step of depth, a fold, or another subject, `w` pixels wide.
fn ink_at(at: vec2f, w: f32) -> f32 {
    let cell = vec2i(at);
    let limit = vec2i(frame.screen.xy) - 1;
    let z = distance_of(textureLoad(g_depth, cell, 0));
    let n = from_octahedral(unpack2x16snorm(textureLoad(g_what, cell, 0).x));
    var line = 0.0;
    for (var k = 0; k < 4; k++) {
        let o = array<vec2f, 4>(vec2f(1.0, 0.0), vec2f(-1.0, 0.0), vec2f(0.0, 1.0), vec2f(0.0, -1.0))[k] * w;
        let q = clamp(vec2i(at + o), vec2i(0), limit);
        let other = distance_of(textureLoad(g_depth, q, 0));
        let m = from_octahedral(unpack2x16snorm(textureLoad(g_what, q, 0).x));
        let step_z = smoothstep(0.05, 0.09, (other - z) / z);
        let fold = smoothstep(0.75, 0.35, dot(n, m)) * 0.8;
        line = max(line, max(step_z, max(fold, 0.0) * select(0.0, 1.0, abs(other - z) < 0.3 * z)));
    }
    // Far things are drawn with a finer, paler line; blades and leaves are too thin to be outlined.
    let key = textureLoad(g_where, cell, 0).w;
    let kind = surfaces[select(key >> 20u, 0u, key == WATER_KEY)].kind.x & 255u;
    let thin = key != WATER_KEY && (kind == 9u || kind == 10u || kind == 38u);
    return select(line, 0.0, thin) * clamp(9.0 / z, 0.06, 1.0) * select(0.0, 1.0, z < 20000.0);
}

fn paper_at(at: vec2f) -> f32 {
    let p = at * (1080.0 * frame.screen.w);
    return 0.5 * noise2(p * 0.55) + 0.3 * noise2(p * 0.21) + 0.2 * noise2(p * vec2f(0.9, 0.12));
}

fn hatched(c: vec3f, at: vec2f) -> vec3f {
    let p = at * (1080.0 * frame.screen.w);
    let l = luminance(c);
    let wander = noise2(p * 0.03) * 6.0;
    let first = abs(fract((p.x + p.y + wander) * 0.11) - 0.5) * 2.0;
    let second = abs(fract((p.x - p.y + wander) * 0.125) - 0.5) * 2.0;
    let tooth = 0.75 + 0.5 * noise2(p * 0.7);
    let a = smoothstep(0.62, 0.38, l) * smoothstep(0.55, 0.25, first * tooth);
    let b = smoothstep(0.34, 0.14, l) * smoothstep(0.6, 0.25, second * tooth);
    let white = vec3f(0.95, 0.93, 0.88);
    return mix(white, c, 0.16) * (1.0 - 0.6 * clamp(a + b, 0.0, 1.0));
}

@fragment fn finish_fragment(@builtin(position) position: vec4f) -> @location(0) vec4f {
    var at = position.xy;
    let rows = 1080.0 * frame.screen.w;
    if (LOOK_BLOCKS > 0u) {
        let block = frame.screen.y / f32(LOOK_BLOCKS);
        at = (floor(at / block) + 0.5) * block;
    }
    if (LOOK_WOBBLE > 0.0) {
        let p = at * rows * 0.02;
        at += (vec2f(noise2(p), noise2(p + 31.0)) - 0.5) * (LOOK_WOBBLE * 2.0 / rows);
    }
    var c = graded(light_at(at));
    if (LOOK_LEVELS > 0u) {
        let levels = f32(LOOK_LEVELS);
        let cell = vec2i(at / (frame.screen.y / f32(max(LOOK_BLOCKS, 1u))));
        let bayer = array<f32, 4>(0.125, 0.625, 0.875, 0.375)[(cell.x & 1) + (cell.y & 1) * 2] - 0.5;
        c = floor(c * levels + 0.5 + bayer * 0.35) / levels;
    }
    if (LOOK_HATCH > 0.0) { c = mix(c, hatched(c, at), LOOK_HATCH); }
    if (LOOK_INK > 0.0) {
        let line = ink_at(at, max(LOOK_INK * 0.5 / rows, 0.75));
        c = mix(c, c * c * 0.16 + vec3f(0.02, 0.015, 0.03), line * LOOK_FAINT);
    }
    if (LOOK_PAPER > 0.0) {
        let paper = paper_at(position.xy);
        c *= 1.0 + (paper - 0.5) * 0.16 * LOOK_PAPER;
    }
    c = saturate3(c);
    return vec4f(c, dot(c, vec3f(0.299, 0.587, 0.114)));
}
