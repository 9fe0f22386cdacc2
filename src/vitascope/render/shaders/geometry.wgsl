// Draws things into the geometry buffer.
#include "frame.wgsl"
#include "stage.wgsl"
#include "posing.wgsl"

struct GeometryTexel { @location(0) where_: vec4u, @location(1) what: vec4u }

@fragment fn geometry_fragment(in: Drawn, @builtin(front_facing) front: bool) -> GeometryTexel {
    let leafy = (in.rotation & FRAYED) != 0u;
    if (leafy && between_leaves(in)) { discard; }
    let n = octahedral(normalize(facing_normal(in, front)));
    // Through the gaps one sees into the crown, where it is dark.
    let open = select(1.0, 0.42, leafy && !front);
    let before = vec2f(in.before.x, -in.before.y) / max(in.before.z, 1e-4) * 0.5 + 0.5;
    let motion = before * frame.screen.xy - in.clip.xy;
    return GeometryTexel(
        vec4u(bitcast<vec3u>(in.rest), in.key),
        vec4u(
            pack2x16snorm(n), pack4x8unorm(in.colour), pack2x16float(clamp(motion, vec2f(-4000.0), vec2f(4000.0))),
            u32(clamp(in.normal.w * open, 0.0, 1.0) * 255.0 + 0.5) | (in.rotation << 8u),
        ),
    );
}

// Whether the eye looks through between leaves: here and there on a crown, often at its rim.
fn between_leaves(in: Drawn) -> bool {
    let pixel = 2.0 / (in.clip.w * frame.proj[1][1] * frame.screen.y);
    let bare = 0.37 * smoothstep(0.13, 0.05, pixel);
    let across = (in.clip.xy * frame.screen.zw * 2.0 - 1.0) / vec2f(frame.proj[0][0], frame.proj[1][1]);
    let n = in.normal.xyz;
    let turned = vec3f(dot(n, frame_axis(0)), dot(n, frame_axis(1)), dot(n, frame_axis(2)));
    let facing = abs(dot(turned, vec3f(across.x, -across.y, -1.0))) * inverseSqrt((1.0 + dot(across, across)) * dot(n, n));
    let gap = mix(bare, 0.64, smoothstep(0.55, 0.05, facing) * smoothstep(0.4, 0.2, pixel));
    if (gap < 0.1) { return false; }
    let twig = noise3(in.rest * 3.7);
    if (pixel > 0.02) { return twig < gap; }
    return mix(twig, noise3(in.rest.yzx * 13.1), 0.45 * smoothstep(0.02, 0.01, pixel)) < gap;
}

// The camera's axes in the world: to the right, up, back.
fn frame_axis(k: u32) -> vec3f { return vec3f(frame.view[0][k], frame.view[1][k], frame.view[2][k]); }
