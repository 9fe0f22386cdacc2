// Which lamps reach what is seen in each tile of 32 pixels: a bit for each.
#include "frame.wgsl"
#include "shadow_maps.wgsl"

@group(2) @binding(0) var g_open: texture_2d<f32>;   // half size, z distance [m]

const TILE = 16;   // in pixels of the half-size picture

@fragment fn lamp_tiles_fragment(@builtin(position) at: vec4f) -> @location(0) u32 {
    let tile = vec2i(at.xy);
    let limit = vec2i(textureDimensions(g_open)) - 1;
    var near = 1e9;
    var far = 0.0;
    // One more all round, since the light looks between these pixels.
    for (var y = -1; y <= TILE; y++) {
        for (var x = -1; x <= TILE; x++) {
            let z = textureLoad(g_open, clamp(tile * TILE + vec2i(x, y), vec2i(0), limit), 0).z;
            near = min(near, z);
            far = max(far, select(z, 0.0, z > 50000.0));
        }
    }
    let left = vec2f(tile * (2 * TILE) - 2) * frame.screen.zw * 2.0 - 1.0;
    let right = vec2f(tile * (2 * TILE) + (2 * TILE + 2)) * frame.screen.zw * 2.0 - 1.0;
    let low = vec2f(left.x, -right.y) / vec2f(frame.proj[0][0], frame.proj[1][1]);
    let high = vec2f(right.x, -left.y) / vec2f(frame.proj[0][0], frame.proj[1][1]);
    near *= 0.98;
    far *= 1.02;
    let lowest = vec3f(min(low * near, low * far), -far);
    let highest = vec3f(max(high * near, high * far), -near);
    var reached = 0u;
    let count = u32(asked(f32(lights.counts.x), lowest.x));
    for (var i = 0u; i < count; i++) {
        let place = lights.lamps[i].place;
        let p = (frame.view * vec4f(place.xyz, 1.0)).xyz;
        let apart = max(max(lowest - p, p - highest), vec3f(0.0));
        reached |= select(0u, 1u << i, dot(apart, apart) < place.w * place.w);
    }
    return reached;
}
