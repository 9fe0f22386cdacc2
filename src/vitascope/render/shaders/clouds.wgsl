// Where the clouds are, as functions only: the cover they draw from and the shadow they throw. Needs frame.wgsl, sky.wgsl.

// Size of the largest heaps [m].
const HEAP = 1700.0;

// 0..1, how much cloud stands over a place of the drifting layer; 0 between the heaps. Far heaps leave the horizon open.
fn cloud_cover_at(p: vec2f) -> f32 {
    let q = (p - sky.drift.xy) / HEAP;
    let field = 0.60 * noise2(q) + 0.27 * noise2(q * 2.3 + 7.3) + 0.13 * noise2(q * 5.1 + 1.7);
    let far = smoothstep(4000.0, 26000.0, length(p - frame.camera.xz));
    let floor_level = mix(0.80, 0.17, pow(sky.zenith.w, 0.85)) + 0.09 * far;
    return smoothstep(floor_level, floor_level + 0.20, field);
}

// Light of the key that passes the clouds on its way to a point, 1 in full sun.
fn cloud_shadow(p_world: vec3f) -> f32 {
    let clear = (sky.zenith.w < 0.02) | (sky.horizon.w > 0.95) | (sky.bodies.y > 0.5) | (sky.plain.w > 0.5) | (frame.misc.w > 0.5);
    if (asked(select(0.0, 1.0, clear), p_world.y) > 0.5) { return 1.0; }
    let climb = max(frame.sun.y, 0.12);
    let at = p_world.xz + frame.sun.xz * ((sky.cloud_colour.w - p_world.y) / climb);
    // The action is lit: its own place stays in a gap unless the day is dull.
    let kept = exp(-square(length(p_world.xz - frame.focus.xz) / (3.0 * frame.focus.w + 60.0)));
    let strength = 0.72 * smoothstep(0.05, 0.25, frame.sun.y) * (1.0 - sky.horizon.w);
    return 1.0 - strength * cloud_cover_at(at) * (1.0 - 0.8 * kept);
}
