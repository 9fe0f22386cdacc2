// Light that the lens spreads: the picture halved again and again, then added up from the smallest.
#include "frame.wgsl"
@group(1) @binding(0) var source: texture_2d<f32>;
@group(1) @binding(1) var smooth_sampler: sampler;

fn four(at: vec2f, spread: f32) -> vec3f {
    let texel = spread / vec2f(textureDimensions(source));
    let uv = at;
    return 0.25 * (textureSampleLevel(source, smooth_sampler, uv + texel * vec2f(-1.0, -1.0), 0.0).rgb
        + textureSampleLevel(source, smooth_sampler, uv + texel * vec2f(1.0, -1.0), 0.0).rgb
        + textureSampleLevel(source, smooth_sampler, uv + texel * vec2f(-1.0, 1.0), 0.0).rgb
        + textureSampleLevel(source, smooth_sampler, uv + texel * vec2f(1.0, 1.0), 0.0).rgb);
}

// Targets are half the source: the centre of a target pixel lies between four of the source.
fn place(at: vec2f) -> vec2f { return at * 2.0 / vec2f(textureDimensions(source)); }

@fragment fn bright_fragment(@builtin(position) at: vec4f) -> @location(0) vec4f {
    let c = four(place(at.xy), 1.0) * frame.sun_colour.w;
    let l = luminance(c);
    return vec4f(min(c * smoothstep(0.7, 2.4, l), vec3f(12.0)), 1.0);
}

@fragment fn down_fragment(@builtin(position) at: vec4f) -> @location(0) vec4f { return vec4f(four(place(at.xy), 1.0), 1.0); }

@fragment fn up_fragment(@builtin(position) at: vec4f) -> @location(0) vec4f {
    return vec4f(four(at.xy * 0.5 / vec2f(textureDimensions(source)), 0.75) * 0.8, 1.0);
}
