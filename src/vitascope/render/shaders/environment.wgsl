// The sky gathered into small octahedral pictures: layer 0 as it is, 1 and 2 for rough mirrors, 3 for matt surfaces.
#include "frame.wgsl"
#include "sky.wgsl"
#include "octahedral_sky.wgsl"

@group(1) @binding(0) var sky_picture: texture_2d<f32>;

@fragment fn dome_fragment(@builtin(position) at: vec4f) -> @location(0) vec4f {
    return vec4f(min(sky_radiance(sky_direction(at.xy / SKY_CELLS)), vec3f(30.0)), 1.0);
}

fn gathered(at: vec4f, sharpness: f32) -> vec4f {
    let n = sky_direction(at.xy / SKY_CELLS);
    var sum = vec3f(0.0);
    var total = 0.0;
    let cells = i32(SKY_CELLS);
    for (var y = 0; y < cells; y++) {
        for (var x = 0; x < cells; x++) {
            let raw = sky_raw((vec2f(f32(x), f32(y)) + 0.5) / SKY_CELLS);
            let size = length(raw);
            let c = dot(raw, n) / size;
            if (c > 0.0) {
                // Area of an octahedral cell on the sphere falls with the cube of its distance from the centre.
                let w = pow(c, sharpness) / (size * size * size);
                sum += w * textureLoad(sky_picture, vec2i(x, y), 0).rgb;
                total += w;
            }
        }
    }
    return vec4f(sum / max(total, 1e-6), 1.0);
}

@fragment fn glossy_fragment(@builtin(position) at: vec4f) -> @location(0) vec4f { return gathered(at, 40.0); }
@fragment fn rough_fragment(@builtin(position) at: vec4f) -> @location(0) vec4f { return gathered(at, 7.0); }
@fragment fn matt_fragment(@builtin(position) at: vec4f) -> @location(0) vec4f { return gathered(at, 1.0); }
