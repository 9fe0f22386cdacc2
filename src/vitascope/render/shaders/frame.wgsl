// What every shader knows of the moment. Group 0: binding 0 is this, binding 1 is `Sky` (sky.wgsl).
#include "noise.wgsl"

struct Frame {
    view_proj: mat4x4f,
    inv_view_proj: mat4x4f,
    prev_view_proj: mat4x4f,
    view: mat4x4f,
    proj: mat4x4f,
    camera: vec4f,      // position, w world time [s]
    screen: vec4f,      // width, height, 1/width, 1/height of the drawn picture (supersampled)
    sun: vec4f,         // direction to the key light, w flash of lightning 0..1
    sun_colour: vec4f,  // irradiance of the key light, w exposure
    focus: vec4f,       // centre of the action, w its reach [m]
    air: vec4f,         // extinction per metre, height of that density, falloff per metre, mist 0..1
    air_colour: vec4f,  // w world time one frame before [s]
    air_glow: vec4f,
    weather: vec4f,     // rain, snow, wetness, snow cover: 0..1
    wind: vec4f,        // velocity [m/s], w gust 0..1
    misc: vec4f,        // film time [s], near [m], far [m], underwater 0 or 1
    style: vec4f,       // style index, frame index, seed (0..65535), seconds the shutter is open
}
@group(0) @binding(0) var<uniform> frame: Frame;

const PI = 3.14159265;

@vertex fn screen_vertex(@builtin(vertex_index) i: u32) -> @invariant @builtin(position) vec4f {
    return vec4f(f32(i & 1u) * 4.0 - 1.0, f32(i >> 1u) * 4.0 - 1.0, 0.0, 1.0);
}

// World position of a pixel (fragment position, centres at .5) at a reversed depth; depth 0 gives a point very far away.
fn world_at(pixel: vec2f, depth: f32) -> vec3f {
    let ndc = vec2f(pixel.x * frame.screen.z * 2.0 - 1.0, 1.0 - pixel.y * frame.screen.w * 2.0);
    let p = frame.inv_view_proj * vec4f(ndc, max(depth, frame.misc.y * 1e-5), 1.0);
    return p.xyz / p.w;
}

// Unit direction from the camera through a pixel.
fn ray_at(pixel: vec2f) -> vec3f { return normalize(world_at(pixel, frame.misc.y * 0.1) - frame.camera.xyz); }

// Distance along the view axis [m] of a reversed depth.
fn distance_of(depth: f32) -> f32 { return frame.misc.y / max(depth, frame.misc.y * 1e-5); }

// A uniform that is branched on where something else varies. Mesa's software Vulkan compiles a shader anew, for each draw, for
// the values of uniforms that alone decide a branch, and keeps every compilation; asked like this they do not decide it alone.
// `place` is a coordinate, of either sign: the compiler sees through one that cannot be negative.
fn asked(value: f32, place: f32) -> f32 { return select(0.0, value, place > -1e30); }

fn luminance(c: vec3f) -> f32 { return dot(c, vec3f(0.2126, 0.7152, 0.0722)); }
fn saturate1(x: f32) -> f32 { return clamp(x, 0.0, 1.0); }
fn saturate3(x: vec3f) -> vec3f { return clamp(x, vec3f(0.0), vec3f(1.0)); }
fn square(x: f32) -> f32 { return x * x; }

// The same triangle at the depth of a class of materials (the number of the instance).
@vertex fn class_vertex(@builtin(vertex_index) i: u32, @builtin(instance_index) c: u32) -> @invariant @builtin(position) vec4f {
    return vec4f(f32(i & 1u) * 4.0 - 1.0, f32(i >> 1u) * 4.0 - 1.0, class_depth(c), 1.0);
}

// Matt classes lie below one half, glossy ones (bit 8) above it; where there is only sky (NO_CLASS) is one half itself.
const NO_CLASS = 255u;
fn class_depth(c: u32) -> f32 { return f32((c & 255u) + 1u + (c & 256u)) / 512.0; }
