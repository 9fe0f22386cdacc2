// Half-size pictures for focus and bloom, and the smear of motion.
#include "frame.wgsl"
#include "stage.wgsl"

struct Optics { focus: vec4f }   // blur circle [pixels of the half picture] at infinity, focus distance [m], widest blur, shutter
@group(2) @binding(0) var source: texture_2d<f32>;
@group(2) @binding(1) var smooth_sampler: sampler;
@group(2) @binding(2) var g_depth: texture_depth_2d;
@group(2) @binding(3) var g_where: texture_2d<u32>;
@group(2) @binding(4) var g_what: texture_2d<u32>;
@group(2) @binding(5) var<uniform> optics: Optics;

// Radius of the blur circle in half-size pixels, negative in front of the focus.
fn blur_radius(z: f32) -> f32 {
    let r = optics.focus.x * (1.0 - optics.focus.y / max(z, 0.05));
    return clamp(r, -optics.focus.z, optics.focus.z);
}

@fragment fn halve_fragment(@builtin(position) at: vec4f) -> @location(0) vec4f {
    let uv = at.xy * 2.0 * frame.screen.zw;
    let c = textureSampleLevel(source, smooth_sampler, uv, 0.0).rgb;
    let cell = clamp(vec2i(at.xy * 2.0), vec2i(0), vec2i(frame.screen.xy) - 1);
    let depth = textureLoad(g_depth, cell, 0);
    let key = textureLoad(g_where, cell, 0).w;
    // A subject of the shot is kept sharper than its surroundings at the same distance.
    let subject = depth > 0.0 && subject_of(key) > 0u;
    return vec4f(min(c, vec3f(60.0)), blur_radius(distance_of(depth)) * select(1.0, 0.25, subject));
}

const FOCUS_TAPS = 16;

@fragment fn focus_fragment(@builtin(position) at: vec4f) -> @location(0) vec4f {
    let middle = textureLoad(source, vec2i(at.xy), 0);
    let limit = vec2i(textureDimensions(source)) - 1;
    let widest = optics.focus.z;
    var sum = middle.rgb;
    var total = 1.0;
    var spread = abs(middle.a);
    let turn = dither(at.xy) * 6.2831853;
    var direction = vec2f(cos(turn), sin(turn));
    for (var i = 0; i < FOCUS_TAPS; i++) {
        let r = sqrt((f32(i) + 0.6) / f32(FOCUS_TAPS));
        let q = vec2i(at.xy + direction * (r * widest));
        direction = vec2f(
            -0.73736888 * direction.x - 0.67549029 * direction.y, 0.67549029 * direction.x - 0.73736888 * direction.y);
        let c = textureLoad(source, clamp(q, vec2i(0), limit), 0);
        // What lies behind may not spill over what is sharper and nearer.
        let size = select(abs(c.a), min(abs(c.a), abs(middle.a)), c.a > middle.a);
        let w = smoothstep(r * widest - 1.5, r * widest + 0.5, size);
        sum += c.rgb * w;
        total += w;
        spread += select(0.0, abs(c.a) - abs(middle.a), c.a < 0.0 && abs(c.a) > abs(middle.a)) * w * (1.5 / f32(FOCUS_TAPS));
    }
    return vec4f(sum / total, max(spread, abs(middle.a)));
}

// The motion [pixels, from one frame before] of what is seen in a pixel.
fn motion_at(cell: vec2i) -> vec2f { return unpack2x16float(textureLoad(g_what, cell, 0).z); }

@fragment fn motion_fragment(@builtin(position) at: vec4f) -> @location(0) vec4f {
    let cell = vec2i(at.xy);
    let limit = vec2i(frame.screen.xy) - 1;
    let own = motion_at(cell) * optics.focus.w;
    var way = own;
    // Something faster nearby smears over the pixel if it comes this far while the shutter is open.
    for (var k = 0; k < 2; k++) {
        let o = select(vec2i(6, 4), vec2i(-6, -4), k == 1);
        let m = motion_at(clamp(cell + o, vec2i(0), limit)) * optics.focus.w;
        way = select(way, m, dot(m, m) > max(dot(way, way), 160.0));
    }
    let far = length(way);
    let reach = min(far, 0.06 * frame.screen.y);
    let pairs = i32(clamp(reach * 0.5 + 0.25, 0.0, 4.0));
    let spacing = way * (reach / max(far, 1e-5) / f32(2 * pairs + 1));
    let start = at.xy + spacing * ((dither(at.xy) - 0.5) * smoothstep(6.0, 20.0, reach));
    var sum = textureLoad(source, cell, 0).rgb;
    for (var i = 1; i <= pairs; i++) {
        let o = spacing * f32(i);
        sum += textureLoad(source, clamp(vec2i(start + o), vec2i(0), limit), 0).rgb;
        sum += textureLoad(source, clamp(vec2i(start - o), vec2i(0), limit), 0).rgb;
    }
    return vec4f(sum / f32(2 * pairs + 1), 1.0);
}
