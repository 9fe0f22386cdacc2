#include "frame.wgsl"
@group(1) @binding(0) var light: texture_2d<f32>;
@group(1) @binding(1) var smooth_sampler: sampler;
@fragment fn finish_fragment(@builtin(position) at: vec4f) -> @location(0) vec4f {
    let x = textureLoad(light, vec2i(at.xy), 0).rgb * frame.sun_colour.w;
    let y = (x * (2.51 * x + 0.03)) / (x * (2.43 * x + 0.59) + 0.14);
    return vec4f(pow(clamp(y, vec3f(0.0), vec3f(1.0)), vec3f(1.0 / 2.2)), 1.0);
}
