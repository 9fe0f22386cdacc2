// From composed light to colour: tone curve, grade, and the marks of drawn styles. Knows nothing of what stands in the picture.
#include "frame.wgsl"
#include "displaced.wgsl"
#include "grade.wgsl"

@group(1) @binding(0) var composed: texture_2d<f32>;
@group(1) @binding(1) var<uniform> grade: Grade;

// Filmic curve (fit of the ACES reference by Narkowicz 2016), with a little less toe.
fn filmic(x: vec3f) -> vec3f { return saturate3((x * (2.51 * x + 0.04)) / (x * (2.43 * x + 0.59) + 0.14)); }

fn encode_srgb(c: vec3f) -> vec3f {
    return select(1.055 * pow(max(c, vec3f(0.0031308)), vec3f(1.0 / 2.4)) - 0.055, c * 12.92, c < vec3f(0.0031308));
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

@fragment fn tone_fragment(@builtin(position) position: vec4f) -> @location(0) vec4f {
    let texel = textureLoad(composed, vec2i(position.xy), 0);
    let at = displaced(position.xy);
    var c = graded(texel.rgb);
    if (LOOK_LEVELS > 0u) {
        let levels = f32(LOOK_LEVELS);
        let cell = vec2i(at / (frame.screen.y / f32(max(LOOK_BLOCKS, 1u))));
        let bayer = array<f32, 4>(0.125, 0.625, 0.875, 0.375)[(cell.x & 1) + (cell.y & 1) * 2] - 0.5;
        c = floor(c * levels + 0.5 + bayer * 0.35) / levels;
    }
    if (LOOK_HATCH > 0.0) { c = mix(c, hatched(c, at), LOOK_HATCH); }
    if (LOOK_INK > 0.0) { c = mix(c, c * c * 0.16 + vec3f(0.02, 0.015, 0.03), texel.a * LOOK_FAINT); }
    if (LOOK_PAPER > 0.0) {
        let paper = paper_at(position.xy);
        c *= 1.0 + (paper - 0.5) * 0.16 * LOOK_PAPER;
    }
    c = saturate3(c);
    return vec4f(c, dot(c, vec3f(0.299, 0.587, 0.114)));
}
