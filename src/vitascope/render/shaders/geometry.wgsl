// Draws things into the geometry buffer.
#include "frame.wgsl"
#include "stage.wgsl"
#include "posing.wgsl"

struct GeometryTexel { @location(0) where_: vec4u, @location(1) what: vec4u }

@fragment fn geometry_fragment(in: Drawn, @builtin(front_facing) front: bool) -> GeometryTexel {
    let n = octahedral(normalize(facing_normal(in, front)));
    let before = vec2f(in.before.x, -in.before.y) / max(in.before.z, 1e-4) * 0.5 + 0.5;
    let motion = before * frame.screen.xy - in.clip.xy;
    return GeometryTexel(
        vec4u(bitcast<vec3u>(in.rest), in.key),
        vec4u(
            pack2x16snorm(n), pack4x8unorm(in.colour), pack2x16float(clamp(motion, vec2f(-4000.0), vec2f(4000.0))),
            u32(clamp(in.normal.w, 0.0, 1.0) * 255.0 + 0.5) | (in.rotation << 8u),
        ),
    );
}
