// Light on the material buffer, and the air before it. Drawn once over matt pixels and once over glossy ones.
#include "frame.wgsl"
#include "stage.wgsl"
#include "sky.wgsl"
#include "air.wgsl"
#include "caustics.wgsl"
#include "clouds.wgsl"
#include "octahedral_sky.wgsl"
#include "lit_surface.wgsl"
#include "shadow_maps.wgsl"
#include "light.wgsl"

@group(2) @binding(0) var g_lit: texture_2d<u32>;
@group(2) @binding(1) var g_what: texture_2d<u32>;
@group(2) @binding(2) var g_depth: texture_depth_2d;

#include "wet_mirror.wgsl"

@fragment fn shade_fragment(@builtin(position) at: vec4f) -> @location(0) vec4f {
    let cell = vec2i(at.xy);
    let depth = textureLoad(g_depth, cell, 0);
    let what = textureLoad(g_what, cell, 0);
    let p = world_at(at.xy, depth);
    let s = unpack_lit(textureLoad(g_lit, cell, 0), from_octahedral(unpack2x16snorm(what.x)));
    let near = openness(at.xy, distance_of(depth));
    let open = pow(f32(what.w & 255u) / 255.0 * near.x, LOOK_OCCLUSION);
    let v = normalize(frame.camera.xyz - p);
    var c = lit(s, p, v, open, near.yz, cell);
    if (WET && asked(frame.weather.z, p.y) > 0.01) { c = with_mirror(c, s, p, v, at.xy); }
    return vec4f(air_apply(c, p), 1.0);
}

// Openness to sky, key light and the first lamp from the half-size picture, taken from texels at the same distance.
fn openness(pixel: vec2f, z: f32) -> vec3f {
    let q = pixel * 0.5 - 0.5;
    let f = fract(q);
    let limit = vec2i(textureDimensions(g_open)) - 1;
    var sum = vec3f(0.0);
    var total = 0.0;
    for (var k = 0; k < 4; k++) {
        let o = vec2i(k & 1, k >> 1);
        let c = textureLoad(g_open, clamp(vec2i(floor(q)) + o, vec2i(0), limit), 0);
        let b = mix(1.0 - f, f, vec2f(o));
        let w = (b.x * b.y + 0.02) * (max(0.0, 1.0 - abs(c.z - z) * 20.0 / z) + 1e-3);
        sum += c.xyw * w;
        total += w;
    }
    return sum / total;
}

fn lit(s: Lit, p: vec3f, v: vec3f, open: f32, direct: vec2f, cell: vec2i) -> vec3f {
    let seen = direct.x * cloud_shadow(p);
    var key = frame.sun_colour.rgb * (1.0 + 6.0 * frame.sun.w);
    if (UNDERWATER) { key *= caustics(p); }
    var lamps = 0u;
    if (LAMPS) { lamps = textureLoad(lamp_tiles, cell / 32, 0).x; }
    return shaded(s, p, v, key, seen, open, Lamps(lamps, direct.y));
}
