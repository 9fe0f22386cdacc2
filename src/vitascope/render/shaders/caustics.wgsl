// Light gathered by waves on what lies below them. Needs frame.wgsl.

// Brightness of caustics at a point under water, about 1 on average, 0.5 to 4.
fn caustics(p_world: vec3f) -> f32 {
    let t = frame.camera.w * 0.55;
    let p = (p_world.xz + frame.sun.xz * (p_world.y / max(frame.sun.y, 0.3))) * 0.62;
    let bend = vec2f(noise2(p * 0.7 + vec2f(t * 0.6, 3.0)), noise2(p * 0.7 + vec2f(8.0, -t * 0.5)));
    let a = abs(noise2(p * 1.15 + bend * 1.6 + vec2f(t * 0.45, -t * 0.2)) - 0.5);
    let b = abs(noise2(p * 1.9 - bend * 1.3 + vec2f(-t * 0.35, t * 0.5) + 13.0) - 0.5);
    let lines = exp(-a * 17.0) + 0.7 * exp(-b * 15.0) + 1.5 * exp(-(a + b) * 14.0);
    return 0.55 + 1.15 * lines;
}
