// The passes that are read back: distance, motion, subject, at the size of the final picture.
#include "frame.wgsl"
#include "stage.wgsl"

struct Output { size: vec4f }
@group(2) @binding(0) var g_where: texture_2d<u32>;
@group(2) @binding(1) var g_what: texture_2d<u32>;
@group(2) @binding(2) var g_depth: texture_depth_2d;
@group(2) @binding(3) var<uniform> output: Output;

fn cell_at(pixel: vec2f) -> vec2i {
    return clamp(vec2i(pixel * (frame.screen.xy / output.size.xy)), vec2i(0), vec2i(frame.screen.xy) - 1);
}

// Distance [m], 0 where there is only sky; motion [pixels].
@fragment fn measures_fragment(@builtin(position) at: vec4f) -> @location(0) vec4f {
    let scale = frame.screen.xy / output.size.xy;
    let cell = cell_at(at.xy);
    let depth = textureLoad(g_depth, cell, 0);
    let there = depth > 0.0;
    // The sky has no geometry: its motion is that of directions when the camera turns.
    let d = ray_at(at.xy * scale);
    let old = frame.prev_view_proj * vec4f(d, 0.0);
    let sky_motion = (vec2f(old.x, -old.y) / max(old.w, 1e-4) * 0.5 + 0.5) * output.size.xy - at.xy;
    let motion = select(sky_motion, unpack2x16float(textureLoad(g_what, cell, 0).z) / scale, there);
    return vec4f(select(0.0, distance_of(depth), there), motion, 0.0);
}

@fragment fn ids_fragment(@builtin(position) at: vec4f) -> @location(0) u32 {
    let cell = cell_at(at.xy);
    return select(0u, subject_of(textureLoad(g_where, cell, 0).w), textureLoad(g_depth, cell, 0) > 0.0);
}
