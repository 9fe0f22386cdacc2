// Half-size picture of what nearby surfaces hide: x of the sky, y of the key light, z distance [m], w of the first lamp.
#include "frame.wgsl"
#include "stage.wgsl"
#include "shadow_maps.wgsl"

@group(2) @binding(0) var g_what: texture_2d<u32>;
@group(2) @binding(1) var g_depth: texture_depth_2d;
@group(2) @binding(2) var rough_open: texture_2d<f32>;

const SKY_TAPS = 10;
const KEY_TAPS = 8;

// Place in camera space of a pixel (x right, y up, z towards the camera).
fn in_view(pixel: vec2f, depth: f32) -> vec3f {
    let z = distance_of(depth);
    let ndc = vec2f(pixel.x * frame.screen.z * 2.0 - 1.0, 1.0 - pixel.y * frame.screen.w * 2.0);
    return vec3f(ndc * z / vec2f(frame.proj[0][0], frame.proj[1][1]), -z);
}

fn depth_at(pixel: vec2f) -> f32 {
    return textureLoad(g_depth, clamp(vec2i(pixel), vec2i(0), vec2i(frame.screen.xy) - 1), 0);
}

@fragment fn occlusion_fragment(@builtin(position) at: vec4f) -> @location(0) vec4f {
    let pixel = floor(at.xy) * 2.0 + 0.5;
    let depth = depth_at(pixel);
    if (depth <= 0.0) { return vec4f(1.0, 1.0, 60000.0, 1.0); }
    let p = in_view(pixel, depth);
    let normal = from_octahedral(unpack2x16snorm(textureLoad(g_what, vec2i(pixel), 0).x));
    let n = (frame.view * vec4f(normal, 0.0)).xyz;
    let z = -p.z;
    let cell = vec2i(at.xy) & vec2i(3);
    let turn = f32((cell.x * 7 + cell.y * 11 + cell.x * cell.y * 3) & 15) / 16.0;
    let wide = clamp(0.085 * z, 0.25, 2.2);
    let to_pixels = frame.proj[1][1] * frame.screen.y * 0.5 / z;
    var hidden = 0.0;
    var direction = vec2f(cos(turn * 6.2831853), sin(turn * 6.2831853));
    for (var i = 0; i < SKY_TAPS; i++) {
        // Half of the taps look close by (feet, wheels), half further off (bodies over ground).
        let reach = wide * select(1.0, 0.22, (i & 1) == 0);
        let r = reach * to_pixels * sqrt((f32(i / 2) + 0.3 + 0.7 * turn) / f32(SKY_TAPS / 2));
        let sample_pixel = pixel + direction * max(r, 1.5);
        direction = vec2f(
            -0.73736888 * direction.x - 0.67549029 * direction.y, 0.67549029 * direction.x - 0.73736888 * direction.y);
        let d = depth_at(sample_pixel);
        let v = in_view(floor(sample_pixel) + 0.5, d) - p;
        let l2 = dot(v, v);
        let falloff = clamp(1.0 - l2 / square(reach * 1.4), 0.0, 1.0);
        hidden += falloff * max(dot(v, n) * inverseSqrt(l2 + 1e-6) - 0.09, 0.0) * step(1e-9, d);
    }
    let open = clamp(1.0 - hidden * 2.3 / f32(SKY_TAPS), 0.0, 1.0);
    var lamp = 1.0;
    if (LAMPS) { lamp = lamp_open(p, n, z, turn); }
    return vec4f(open * open * 0.35 + open * 0.65, key_open(p, n, z, turn) * sun_visible(world_at(pixel, depth), normal, turn), z, lamp);
}

// A short walk towards the key light over the depth picture: what the shadow maps are too coarse for.
fn key_open(p: vec3f, n: vec3f, z: f32, turn: f32) -> f32 {
    let reach = clamp(0.03 * z, 0.06, 0.5);
    return walked((frame.view * vec4f(frame.sun.xyz, 0.0)).xyz, p, n, z, turn, reach, reach * 0.7);
}

// A longer walk towards the first lamp, which has no shadow map: what stands under it stands on its ground.
fn lamp_open(p: vec3f, n: vec3f, z: f32, turn: f32) -> f32 {
    let way = (frame.view * vec4f(lights.lamps[0].place.xyz, 1.0)).xyz - p;
    let away = length(way);
    let open = walked(way / max(away, 1e-3), p, n, z, turn, min(0.6 * away, 0.9), 0.35);
    return select(1.0, open, lights.counts.x > 0u && away < lights.lamps[0].place.w);
}

fn walked(l: vec3f, p: vec3f, n: vec3f, z: f32, turn: f32, reach: f32, thick: f32) -> f32 {
    if (dot(n, l) <= 0.02) { return 1.0; }
    var open = 1.0;
    for (var i = 0; i < KEY_TAPS; i++) {
        let t = (f32(i) + 0.4 + 0.6 * turn) / f32(KEY_TAPS);
        let q = p + n * (0.004 * z) + l * (reach * t);
        let ndc = q.xy * vec2f(frame.proj[0][0], frame.proj[1][1]) / -q.z;
        let d = depth_at((ndc * vec2f(0.5, -0.5) + 0.5) * frame.screen.xy);
        let behind = -q.z - distance_of(d);
        if (d > 0.0 && behind > 0.003 * z && behind < thick) { open = min(open, smoothstep(0.6, 1.0, t)); }
    }
    return open;
}

@fragment fn smooth_fragment(@builtin(position) at: vec4f) -> @location(0) vec4f {
    let middle = textureLoad(rough_open, vec2i(at.xy), 0);
    var sum = vec3f(0.0);
    var total = 0.0;
    let limit = vec2i(textureDimensions(rough_open)) - 1;
    // Far slopes differ more in distance from one pixel to the next.
    let strictness = 14.0 * clamp(25.0 / middle.z, 0.12, 1.0) / middle.z;
    for (var k = 0; k < 16; k++) {
        let o = vec2i(k & 3, k >> 2) - vec2i(2);
        let c = textureLoad(rough_open, clamp(vec2i(at.xy) + o, vec2i(0), limit), 0);
        let w = max(0.0, 1.0 - abs(c.z - middle.z) * strictness) + 1e-4;
        sum += c.xyw * w;
        total += w;
    }
    let open = sum / total;
    return vec4f(open.xy, middle.z, open.z);
}
