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
    let open = baked * textureLoad(g_open, cell / 2, 0).r;
    return vec4f(lit(s, point, v, open, at.xy), 1.0);
}

fn lit(s: Lit, point: Point, v: vec3f, open: f32, pixel: vec2f) -> vec3f {
    let p = point.world;
    var key = frame.sun_colour.rgb * (1.0 + 6.0 * frame.sun.w);
    let facing = dot(point.normal, frame.sun.xyz);
    if (facing > -0.4 || s.translucency > 0.05) {
        key *= sun_visible(p, point.normal * select(-1.0, 1.0, facing > 0.0), pixel) * cloud_shadow(p);
    }
    if (UNDERWATER) { key *= caustics(p); }
    return air_apply(shaded(s, p, v, key, open), p);
}
