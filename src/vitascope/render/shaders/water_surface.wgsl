// Puts the surface of the water into the geometry buffer, so that focus, motion, ink and the passes see it.
#include "frame.wgsl"
#include "water_waves.wgsl"

@group(2) @binding(0) var surface_depth: texture_depth_2d;

const WATER_KEY = 0xFFFFFFFFu;     // as in stage.wgsl
const UPWARD = 0x7FFF0000u;        // the octahedral direction (0, 1)

struct SurfaceTexel { @builtin(frag_depth) depth: f32, @location(0) where_: vec4u, @location(1) what: vec4u }

@fragment fn water_surface_fragment(@builtin(position) at: vec4f) -> SurfaceTexel {
    let depth = textureLoad(surface_depth, vec2i(at.xy), 0);
    let p = world_at(at.xy, depth);
    let beyond = max(abs(p.x - water.place.z), abs(p.z - water.place.w)) > water.place.y && water.place.y < 1500.0;
    let old = frame.prev_view_proj * vec4f(p, 1.0);
    let before = (vec2f(old.x, -old.y) / max(old.w, 1e-4) * 0.5 + 0.5) * frame.screen.xy;
    return SurfaceTexel(
        select(depth, 0.0, beyond),
        vec4u(bitcast<vec3u>(p), WATER_KEY),
        vec4u(
            UPWARD, 0xFFFFFFFFu,
            pack2x16float(clamp(before - at.xy, vec2f(-4000.0), vec2f(4000.0))), 255u,
        ),
    );
}
