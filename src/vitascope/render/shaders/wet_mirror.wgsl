// What wet ground mirrors of the picture itself: lit windows, lamps and signs as streaks, the rest dimly. Needs light.wgsl and
// the material buffer.

const MIRROR_STEPS = 10;

// Light that comes down along the mirrored ray from things in the picture, and the share of that light which they send (the
// rest is the sky's). Looks up along the line on which mirrored rays lie on the screen and weighs what stands there by how
// near its height is to that of the ray; `cone` widens with the roughness, upwards and downwards only, as on wet roads.
fn wet_mirror(s: Lit, p: vec3f, v: vec3f, at: vec2f) -> vec4f {
    let r = reflect(-v, vec3f(0.0, 1.0, 0.0));
    let slope = r.y / max(length(r.xz), 1e-3);
    let far = frame.view_proj * vec4f(p + r * 500.0, 1.0);
    if (far.w <= 0.0) { return vec4f(0.0); }
    let end = (far.xy / far.w * vec2f(0.5, -0.5) + 0.5) * frame.screen.xy;
    let stride = (end - at) * (1.12 / f32(MIRROR_STEPS));
    // Homogeneous world points along the line: `base` and `pace` at depth 0, `deep` for each unit of it.
    let base = frame.inv_view_proj * vec4f(at.x * frame.screen.z * 2.0 - 1.0, 1.0 - at.y * frame.screen.w * 2.0, 0.0, 1.0);
    let pace = frame.inv_view_proj * vec4f(stride * frame.screen.zw * vec2f(2.0, -2.0), 0.0, 0.0);
    let deep = frame.inv_view_proj[2];
    let spacing = length(stride) / (frame.proj[1][1] * frame.screen.y * 0.5);
    let cone = 1.0 / max(0.42 * s.roughness, 1.3 * spacing);
    let grain = noise2(p.xz * 11.0 + frame.camera.w * 1.3);
    let around = dome_light(vec3f(0.0, 1.0, 0.0), 3);
    var sum = vec3f(0.0);
    var found = 0.0;
    var total = 1e-4;
    for (var k = 1; k <= MIRROR_STEPS; k++) {
        let step = f32(k) - grain;
        let here = at + stride * step;
        if (any(here < vec2f(0.0)) || any(here >= frame.screen.xy)) { break; }
        let cell = vec2i(here);
        let depth = textureLoad(g_depth, cell, 0);
        let place = base + pace * step + deep * max(depth, frame.misc.y * 1e-5);
        let way = place.xyz / place.w - p;
        let high = select(way.y - 0.03, 1.0, depth <= 0.0);
        if (high < 0.0) { continue; }
        let off = square((way.y / max(length(way.xz), 0.05) - slope) * cone);
        if (off > 5.0) { continue; }
        let w = exp(-off);
        total += w;
        if (depth > 0.0) {
            let m = unpack_lit(textureLoad(g_lit, cell, 0), vec3f(0.0, 1.0, 0.0));
            sum += w * (seen_glow(m.glow) + m.albedo * around * 0.8);
            found += w;
        }
    }
    return vec4f(sum, found) / total;
}

// Wet level ground shows the picture upside down, more the flatter it is looked at.
fn with_mirror(c: vec3f, s: Lit, p: vec3f, v: vec3f, at: vec2f) -> vec3f {
    if (s.smooth_normal.y < 0.95 || s.fuzz > 0.05 || s.roughness > 0.5 || s.metal > 0.5) { return c; }
    let ndv = clamp(v.y, 0.0, 1.0);
    let share = mirror_share(vec3f(0.04), s.roughness, ndv) * frame.weather.z;
    let seen = wet_mirror(s, p, v, at);
    let above = mirrored(reflect(-v, vec3f(0.0, 1.0, 0.0)), s.roughness);
    if (LOOK_RAMP > 0u) {
        let night = 1.0 - smoothstep(0.03, 0.3, luminance(dome_light(vec3f(0.0, 1.0, 0.0), 3)) * frame.sun_colour.w);
        return mix(c, seen.rgb + (1.0 - seen.w) * above * mix(vec3f(1.0), vec3f(0.9, 0.9, 1.9), night), min(share * 1.5, vec3f(0.75)));
    }
    return max(c + share * (seen.rgb * 1.4 - seen.w * above), vec3f(0.0));
}
