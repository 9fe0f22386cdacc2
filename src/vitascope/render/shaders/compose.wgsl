// The picture before tone: the lit one with what the lens adds, as the style displaces it; alpha is how much of its ink there is.
#include "frame.wgsl"
#include "stage.wgsl"
#include "displaced.wgsl"

@group(2) @binding(0) var light: texture_2d<f32>;
@group(2) @binding(1) var blurred: texture_2d<f32>;
@group(2) @binding(2) var bloom: texture_2d<f32>;
@group(2) @binding(3) var smooth_sampler: sampler;
@group(2) @binding(4) var g_where: texture_2d<u32>;
@group(2) @binding(5) var g_what: texture_2d<u32>;
@group(2) @binding(6) var g_depth: texture_depth_2d;

fn light_at(at: vec2f) -> vec3f {
    let uv = at * frame.screen.zw;
    var c = textureLoad(light, clamp(vec2i(at), vec2i(0), vec2i(frame.screen.xy) - 1), 0).rgb;
    if (FOCUS) {
        let soft = textureSampleLevel(blurred, smooth_sampler, uv, 0.0);
        c = mix(c, soft.rgb, smoothstep(0.35, 1.3, soft.a));
    }
    c *= frame.sun_colour.w;
    if (LOOK_BLOOM > 0.0) { c += textureSampleLevel(bloom, smooth_sampler, uv, 0.0).rgb * (0.05 * LOOK_BLOOM); }
    return c;
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

@fragment fn compose_fragment(@builtin(position) position: vec4f) -> @location(0) vec4f {
    let at = displaced(position.xy);
    var line = 0.0;
    if (LOOK_INK > 0.0) { line = ink_at(at, max(LOOK_INK * 0.5 / (1080.0 * frame.screen.w), 0.75)); }
    return vec4f(min(light_at(at), vec3f(BRIGHTEST)), line);
}

// Half floats end a little above.
const BRIGHTEST = 60000.0;
