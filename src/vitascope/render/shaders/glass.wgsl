// Things that let light through, drawn over the lit picture from far to near.
#include "frame.wgsl"
#include "stage.wgsl"
#include "posing.wgsl"
#include "sky.wgsl"
#include "air.wgsl"
#include "octahedral_sky.wgsl"
#include "lit_surface.wgsl"
#include "shadow_maps.wgsl"
#include "light.wgsl"
#include "point.wgsl"
#include "material.wgsl"

@fragment fn glass_fragment(in: Drawn, @builtin(front_facing) front: bool) -> @location(0) vec4f {
    let z = distance_of(in.clip.z);
    var point: Point;
    point.rest = in.rest;
    point.world = world_at(in.clip.xy, in.clip.z);
    point.normal = normalize(facing_normal(in, front));
    point.turn = unpack_rotation(in.rotation);
    point.colour = in.colour.rgb * in.colour.rgb;
    point.mask = in.colour.w;
    point.slot = in.key & 0xFFFFFu;
    point.surface = in.key >> 20u;
    point.size = pixel_size(z);
    point.open = in.normal.w;
    let v = normalize(frame.camera.xyz - point.world);
    let s = material_at(point, v);
    let opacity = unpack4x8unorm(surfaces[point.surface].traits.y).w;
    let key = frame.sun_colour.rgb * (1.0 + 6.0 * frame.sun.w);
    let seen = sun_visible(point.world, point.normal, dither(in.clip.xy));
    let lamps = (1u << lights.counts.x) - 1u;
    let c = air_apply(shaded(s, point.world, v, key, seen, point.open, Lamps(lamps, 1.0)), point.world);
    // What mirrors the surroundings hides what lies behind.
    let mirror = pow(1.0 - clamp(dot(s.normal, v), 0.0, 1.0), 4.0) * (1.0 - s.roughness);
    let shine = smoothstep(0.9, 3.0, luminance(c) * frame.sun_colour.w);
    let alpha = clamp(max(opacity, max(0.9 * mirror, shine)), 0.0, 1.0);
    return vec4f(min(c, vec3f(60.0)) * alpha, alpha);
}
