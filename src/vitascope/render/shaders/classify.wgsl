// Writes the class of each pixel's material as depth, so that each class can be drawn by its own small shader.
#include "frame.wgsl"
#include "stage.wgsl"
@group(2) @binding(0) var g_where: texture_2d<u32>;
@group(2) @binding(1) var g_depth: texture_depth_2d;

@fragment fn classify_fragment(@builtin(position) at: vec4f) -> @builtin(frag_depth) f32 {
    let depth = textureLoad(g_depth, vec2i(at.xy), 0);
    let surface = textureLoad(g_where, vec2i(at.xy), 0).w >> 20u;
    return class_depth(select(NO_CLASS, (surfaces[surface].kind.x >> 16u) & 511u, depth > 0.0));
}
