// The last look: stairs at edges smoothed (or a finer picture shrunk), vignette and grain, to 8 bits.
#include "frame.wgsl"
#include "grade.wgsl"

struct Output { size: vec4f }    // width, height of the final picture
@group(1) @binding(0) var picture: texture_2d<f32>;
@group(1) @binding(1) var smooth_sampler: sampler;
@group(1) @binding(2) var<uniform> grade: Grade;
@group(1) @binding(3) var<uniform> output: Output;

// The tone pass leaves the luma of each pixel in its alpha.
fn luma_at(cell: vec2i) -> f32 { return textureLoad(picture, clamp(cell, vec2i(0), vec2i(frame.screen.xy) - 1), 0).a; }

fn tap(uv: vec2f) -> vec3f { return textureSampleLevel(picture, smooth_sampler, uv, 0.0).rgb; }
fn luma(c: vec3f) -> f32 { return dot(c, vec3f(0.299, 0.587, 0.114)); }

// Along the edge through a pixel, mix what lies on both sides in proportion to how far its end is (after Lottes 2011).
fn smoothed(at: vec2f) -> vec3f {
    let cell = vec2i(at);
    let limit = vec2i(frame.screen.xy) - 1;
    let middle_texel = textureLoad(picture, cell, 0);
    let c = middle_texel.rgb;
    let l = middle_texel.a;
    let n = luma_at(cell - vec2i(0, 1));
    let s = luma_at(cell + vec2i(0, 1));
    let w = luma_at(cell - vec2i(1, 0));
    let e = luma_at(cell + vec2i(1, 0));
    let low = min(l, min(min(n, s), min(w, e)));
    let high = max(l, max(max(n, s), max(w, e)));
    let contrast = high - low;
    let across_rows = abs(n + s - 2.0 * l);
    let across_columns = abs(w + e - 2.0 * l);
    let flat_edge = across_rows >= across_columns;
    let a = select(w, n, flat_edge);
    let b = select(e, s, flat_edge);
    let toward_a = abs(a - l) >= abs(b - l);
    let other = select(b, a, toward_a);
    let normal = select(vec2i(1, 0), vec2i(0, 1), flat_edge) * select(1, -1, toward_a);
    let along = select(vec2i(0, 1), vec2i(1, 0), flat_edge);
    let middle = 0.5 * (l + other);
    let slope = 0.25 * abs(l - other);
    // Walk both ways between the two rows until the edge ends.
    var ends = vec2f(12.0, 12.0);
    var values = vec2f(0.0);
    var open = vec2<bool>(true, true);
    var step = 1;
    let is_edge = contrast > max(0.035, high * 0.11);
    let walk = select(0, 6, is_edge);
    for (var k = 0; k < walk; k++) {
        let p = cell - along * step;
        let q = cell + along * step;
        let back = 0.5 * (luma_at(p) + luma_at(p + normal)) - middle;
        let on = 0.5 * (luma_at(q) + luma_at(q + normal)) - middle;
        if (open.x) { values.x = back; if (abs(back) >= slope) { ends.x = f32(step); open.x = false; } }
        if (open.y) { values.y = on; if (abs(on) >= slope) { ends.y = f32(step); open.y = false; } }
        if (!open.x && !open.y) { break; }
        step += select(1, 2, k > 1);
    }
    let nearest = min(ends.x, ends.y);
    let value = select(values.y, values.x, ends.x < ends.y);
    let wrong_way = (value < 0.0) == (l - middle < 0.0);
    let shift = select(0.5 - nearest / (ends.x + ends.y), 0.0, wrong_way);
    let average = (n + s + w + e) * 0.25;
    let lone = square(smoothstep(0.0, 1.0, clamp(abs(average - l) / max(contrast, 1e-4), 0.0, 1.0))) * 0.45;
    let other_side = textureLoad(picture, clamp(cell + normal, vec2i(0), limit), 0).rgb;
    return select(c, mix(c, other_side, max(shift, lone)), is_edge);
}

@fragment fn smooth_fragment(@builtin(position) position: vec4f) -> @location(0) vec4f {
    let uv = position.xy / output.size.xy;
    var c = vec3f(0.0);
    if (FINER) {
        let o = 0.25 / output.size.xy;
        c = 0.25 * (tap(uv + o) + tap(uv - o) + tap(uv + vec2f(o.x, -o.y)) + tap(uv + vec2f(-o.x, o.y)));
    } else if (LOOK_BLOCKS > 0u) {
        c = textureLoad(picture, vec2i(position.xy), 0).rgb;
    } else {
        c = smoothed(position.xy);
    }
    let q = (uv - 0.5) * vec2f(output.size.x / output.size.y, 1.0) * 1.1;
    let corner = smoothstep(0.35, 1.25, length(q));
    c = select(c * (1.0 - 0.32 * grade.more.z * corner), mix(c, vec3f(0.97, 0.95, 0.91), -grade.more.z * corner), grade.more.z < 0.0);
    let seed = vec2u(u32(frame.style.y) * 747796405u, u32(frame.style.z) * 2891336453u);
    let pixel = vec2u(position.xy);
    let h = hash_u(pixel.x * 0x27D4EB2Fu ^ pixel.y * 0xC2B2AE3Du ^ hash_u(seed.x ^ seed.y));
    let noise = (f32(h & 0xFFFFu) + f32(h >> 16u)) * (1.0 / 65535.0) - 1.0;
    let l = luma(c);
    c += noise * (grade.more.y * 0.07 * (0.35 + sqrt(max(l * (1.0 - l), 0.0))) + 0.5 / 255.0);
    return vec4f(saturate3(c), 1.0);
}
