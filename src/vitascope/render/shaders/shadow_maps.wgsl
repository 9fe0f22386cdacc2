// Lamps and shadow maps, group 3 of the passes that ask what the key light reaches.

struct Lamp { place: vec4f, colour: vec4f, beam: vec4f }   // w: reach; cosine of the cone (-2 all round); half width
struct Lights {
    shadows: array<mat4x4f, 3>,      // texture_from_world of the near, wide and moving map
    shadow_info: array<vec4f, 3>,    // metres a texel, metres of depth, 1 if drawn, texels a side
    counts: vec4u,                   // lamps
    lamps: array<Lamp, 16>,
}

@group(3) @binding(0) var shadow_still: texture_depth_2d_array;   // layers: near, wide
@group(3) @binding(1) var shadow_moving: texture_depth_2d_array;
@group(3) @binding(2) var shadow_sampler: sampler_comparison;
@group(3) @binding(3) var<uniform> lights: Lights;

const TAPS = 5;
const SEARCH_TAPS = 4;

// The next direction of a sunflower spiral: turned by the golden angle.
fn golden(d: vec2f) -> vec2f { return vec2f(-0.73736888 * d.x - 0.67549029 * d.y, 0.67549029 * d.x - 0.73736888 * d.y); }

// Light that passes a shadow map, 0..1; z of `q` is depth along the light, 0 nearest to it.
fn through(map: texture_depth_2d_array, layer: i32, info: vec4f, q: vec3f, turn: vec2f) -> f32 {
    let cells = info.w;
    let search = clamp(0.25 / info.x, 1.5, 12.0);
    let limit = vec2i(i32(cells) - 1);
    var blockers = 0.0;
    var found = 1e-6;
    var d = turn;
    for (var i = 0; i < SEARCH_TAPS; i++) {
        let at = q.xy * cells + d * (sqrt((f32(i) + 0.5) / f32(SEARCH_TAPS)) * search);
        d = golden(d);
        let z = textureLoad(map, clamp(vec2i(at), vec2i(0), limit), layer, 0);
        let nearer = select(0.0, 1.0, z < q.z - 1e-6);
        blockers += z * nearer;
        found += nearer;
    }
    let wide = clamp((q.z - blockers / found) * info.y * 0.022 / info.x, 1.0, search);
    let radius = select(wide, 1.0, found < 0.5) / cells;
    var sum = 0.0;
    for (var i = 0; i < TAPS; i++) {
        sum += textureSampleCompareLevel(
            map, shadow_sampler, q.xy + d * (sqrt((f32(i) + 0.5) / f32(TAPS)) * radius), layer, q.z);
        d = golden(d);
    }
    return sum / f32(TAPS);
}

fn placed_in(index: i32, p: vec3f, n: vec3f, facing: f32) -> vec3f {
    let texel = lights.shadow_info[index].x;
    let lifted = p + n * (texel * (0.8 + 2.0 * (1.0 - facing))) + frame.sun.xyz * texel * 0.6;
    return (lights.shadows[index] * vec4f(lifted, 1.0)).xyz;
}

fn inside(q: vec3f, margin: f32) -> bool {
    return all(abs(q.xy - 0.5) < vec2f(0.5 - margin)) && q.z > 0.0 && q.z < 1.0;
}

// Part of the key light that reaches a point, 0..1; `turn` 0..1 varies from pixel to pixel.
fn sun_visible(p: vec3f, normal: vec3f, turn01: f32) -> f32 {
    let toward = dot(normal, frame.sun.xyz);
    let n = normal * select(-1.0, 1.0, toward > 0.0);
    let facing = abs(toward);
    let angle = turn01 * 6.2831853;
    let turn = vec2f(cos(angle), sin(angle));
    let near = placed_in(0, p, n, facing);
    // The maps reach far along the light; of what is far from the action only the wide one knows.
    let away = distance(p, frame.focus.xyz);
    let is_near = inside(near, 0.01) && away < 3.0 * lights.shadow_info[0].x * lights.shadow_info[0].w;
    let wide = placed_in(1, p, n, facing);
    let layer = select(1, 0, is_near);
    let q = select(wide, near, is_near);
    let covered = is_near || inside(wide, 0.005);
    // Beyond the wide map a slope only shades itself; the change is gradual, so that the border does not show.
    let radius = 0.5 * lights.shadow_info[1].x * lights.shadow_info[1].w;
    let border = select(smoothstep(0.40, 0.49, max(abs(wide.x - 0.5), abs(wide.y - 0.5))), 0.0, is_near);
    let beyond = max(border, smoothstep(0.9 * radius, 1.6 * radius, away));
    let own = smoothstep(-0.08, 0.1, toward);
    var open = mix(through(shadow_still, layer, lights.shadow_info[layer], q, turn), own, select(1.0, beyond, covered));
    if (MOVING) {
        let m = placed_in(2, p, n, facing);
        let over = lights.shadow_info[2].z > 0.5 && inside(m, 0.01) && away < 200.0;
        open = min(open, select(1.0, through(shadow_moving, 0, lights.shadow_info[2], m, turn), over));
    }
    return open;
}
