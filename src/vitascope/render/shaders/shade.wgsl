// One look at every pixel of the geometry buffer: its material, the light on it and the air before it.
#include "frame.wgsl"
#include "stage.wgsl"
#include "sky.wgsl"
#include "air.wgsl"
#include "caustics.wgsl"
#include "clouds.wgsl"
#include "octahedral_sky.wgsl"
#include "light.wgsl"
#include "material.wgsl"

@fragment fn shade_fragment(@builtin(position) at: vec4f) -> @location(0) vec4f {
    let cell = vec2i(at.xy);
    let depth = textureLoad(g_depth, cell, 0);
    if (depth <= 0.0) { return vec4f(0.0); }
    let a = textureLoad(g_where, cell, 0);
    let b = textureLoad(g_what, cell, 0);
    let p = world_at(at.xy, depth);
    let v = normalize(frame.camera.xyz - p);
    let colour = unpack4x8unorm(b.y);
    let baked = f32(b.w & 255u) / 255.0;
    var point: Point;
    point.rest = bitcast<vec3f>(a.xyz);
    point.world = p;
    point.normal = from_octahedral(unpack2x16snorm(b.x));
    point.turn = unpack_rotation(b.w >> 8u);
    point.colour = colour.rgb * colour.rgb;
    point.mask = colour.w;
    point.slot = a.w & 0xFFFFFu;
    point.surface = a.w >> 20u;
    point.size = distance_of(depth) * 2.0 / (frame.proj[1][1] * frame.screen.y);
    point.open = baked;
    let s = material_at(point, v);
    let near = openness(at.xy, distance_of(depth));
    return vec4f(lit(s, point, v, baked * near.x, near.y, at.xy), 1.0);
}

// Openness to sky and key light from the half-size picture, taken from texels at the same distance.
fn openness(pixel: vec2f, z: f32) -> vec2f {
    let q = pixel * 0.5 - 0.5;
    let f = fract(q);
    let limit = vec2i(textureDimensions(g_open)) - 1;
    var sum = vec2f(0.0);
    var total = 0.0;
    for (var k = 0; k < 4; k++) {
        let o = vec2i(k & 1, k >> 1);
        let c = textureLoad(g_open, clamp(vec2i(floor(q)) + o, vec2i(0), limit), 0);
        let b = mix(1.0 - f, f, vec2f(o));
        let w = (b.x * b.y + 0.02) * (max(0.0, 1.0 - abs(c.z - z) * 20.0 / z) + 1e-3);
        sum += c.xy * w;
        total += w;
    }
    return sum / total;
}

fn lit(s: Lit, point: Point, v: vec3f, open: f32, contact: f32, pixel: vec2f) -> vec3f {
    let p = point.world;
    var key = frame.sun_colour.rgb * (contact * (1.0 + 6.0 * frame.sun.w));
    let facing = dot(point.normal, frame.sun.xyz);
    if (facing > -0.4 || s.translucency > 0.05) {
        key *= sun_visible(p, point.normal * select(-1.0, 1.0, facing > 0.0), pixel) * cloud_shadow(p);
    }
    if (UNDERWATER) { key *= caustics(p); }
    return air_apply(shaded(s, p, v, key, open), p);
}
