// Markings in the rest space of a body. Each gives 0..1, how much of the marking's colour a point takes.

fn has_pattern(k: u32) -> bool { return ((PATTERNS_USED >> k) & 1u) == 1u; }

// Noise that is flat where it is finer than a pixel, `w` of it.
fn fine(p: vec3f, frequency: f32, w: f32) -> f32 {
    return mix(0.5, noise3(p * frequency), smoothstep(0.8, 0.3, w * frequency));
}

// A soft step at `edge`, as wide as a pixel; `w` is the pixel in units of x.
fn step_soft(edge: f32, x: f32, w: f32) -> f32 { return smoothstep(edge - w, edge + w, x); }

// As cells3, looking at all 27 cells: exact, for lines between cells.
fn cells3_exact(p: vec3f) -> vec3f {
    let f = floor(p);
    let base = vec3i(f);
    let t = p - f;
    var first = 9.0;
    var second = 9.0;
    var name = 0.0;
    for (var k = 0; k < 27; k++) {
        let o = vec3i(k % 3, (k / 3) % 3, k / 9) - 1;
        let h = hash3v(base + o);
        let d = vec3f(o) + 0.1 + 0.8 * h - t;
        let l = dot(d, d);
        second = min(second, max(first, l));
        name = select(name, h.x, l < first);
        first = min(first, l);
    }
    return vec3f(sqrt(first), sqrt(second), name);
}

// The two coordinates along a surface, by the axis it faces most.
fn flat_on(p: vec3f, n: vec3f) -> vec2f {
    let a = abs(n);
    if (a.y >= a.x && a.y >= a.z) { return p.xz; }
    if (a.x >= a.z) { return vec2f(p.z * sign(n.x), p.y); }
    return vec2f(p.x * -sign(n.z), p.y);
}

fn marking(kind: u32, p: vec3f, n: vec3f, scale: f32, mask: f32, height: f32, size: f32) -> f32 {
    let q = p / scale;
    let w = max(size / scale, 0.012);
    let blur = smoothstep(0.9, 0.35, w);   // fades to the mean where a marking is smaller than a pixel
    if (has_pattern(1u) && kind == 1u) {   // rosettes
        let c = cells3(q * 1.3 + 0.25 * noise3(q * 1.1));
        let r = c.x + 0.1 * (noise3(q * 4.3) - 0.5);
        let ring = step_soft(0.2 + 0.1 * c.z, r, w) * (1.0 - step_soft(0.4 + 0.1 * c.z, r, w));
        let broken = step_soft(0.36, noise3(q * 2.9 + 7.0), 0.06 + w);
        let inside = 0.3 * (1.0 - step_soft(0.33, r, w + 0.08));
        return mix(0.25, max(ring * broken, inside), blur);
    }
    if (has_pattern(2u) && kind == 2u) {   // spots
        let c = cells3(q * 1.15);
        return mix(0.2, 1.0 - step_soft(0.27 + 0.1 * c.z, c.x + 0.09 * (noise3(q * 3.7) - 0.5), w), blur);
    }
    if (has_pattern(3u) && kind == 3u) {   // stripes
        let bend = (noise3(vec3f(q.xy * 0.55, q.z * 0.4)) - 0.5) * 1.7 + (noise3(q * 1.3 + 5.0) - 0.5) * 0.5;
        let t = q.z + bend + 0.18 * abs(q.y);
        let wave = abs(fract(t) - 0.5) * 2.0;
        let thick = 0.42 + 0.3 * (noise3(q * 0.9 + 3.0) - 0.5);
        return mix(0.45, 1.0 - step_soft(thick, wave, w * 2.0 + 0.03), blur);
    }
    if (has_pattern(4u) && kind == 4u) {   // bands
        let wave = abs(fract(q.y * 0.5) - 0.5) * 4.0;
        return mix(0.5, step_soft(1.0, wave, w * 2.0), blur);
    }
    if (has_pattern(5u) && kind == 5u) {   // patches
        let f = 0.65 * noise3(q * 0.55 + 3.0) + 0.25 * noise3(q * 1.4) + 0.1 * noise3(q * 6.0);
        return step_soft(0.53, f, 0.015 + w * 0.5);
    }
    if (has_pattern(6u) && kind == 6u) {   // net
        let c = cells3_exact(q * 0.85 + 0.35 * vec3f(noise3(q * 1.1), noise3(q * 1.1 + 9.0), noise3(q * 1.1 + 4.0)));
        return mix(0.72, step_soft(0.13, c.y - c.x, w * 1.2 + 0.015) * (0.85 + 0.15 * c.z), blur);
    }
    let uv = flat_on(p, n) / scale;
    if (has_pattern(7u) && kind == 7u) {   // checks
        let f = abs(fract(uv * 0.5) - 0.5) * 4.0 - 1.0;
        let s = smoothstep(vec2f(-2.0 * w), vec2f(2.0 * w), f);
        return mix(0.5, s.x + s.y - 2.0 * s.x * s.y, blur);
    }
    if (has_pattern(8u) && kind == 8u) {   // plaid
        let f = abs(fract(uv * 0.5) - 0.5) * 2.0;
        let wide = 1.0 - smoothstep(vec2f(0.42 - w), vec2f(0.42 + w), f);
        let thin = 1.0 - smoothstep(vec2f(0.05), vec2f(0.05 + 2.0 * w), abs(f - 0.75));
        return mix(0.4, clamp(0.42 * (wide.x + wide.y) + 0.3 * (thin.x + thin.y), 0.0, 1.0), blur);
    }
    if (has_pattern(9u) && kind == 9u) {   // polka
        let row = floor(uv.y);
        let cell = fract(vec2f(uv.x + 0.5 * (row - 2.0 * floor(row * 0.5)), uv.y)) - 0.5;
        return mix(0.25, 1.0 - step_soft(0.28, length(cell), w), blur);
    }
    if (has_pattern(10u) && kind == 10u) { // marble
        let v = abs(sin((q.x + q.y * 0.6 + 2.4 * fbm3(q * 0.7, 4)) * 3.1));
        return pow(1.0 - v, 4.0) + 0.25 * fbm3(q * 1.3 + 5.0, 3);
    }
    if (has_pattern(11u) && kind == 11u) { return smoothstep(0.1, 0.9, height); }
    if (has_pattern(12u) && kind == 12u) { return smoothstep(0.35, 0.65, fbm3(q, 4)); }
    if (has_pattern(13u) && kind == 13u) { // layer
        let t = vec3f(0.8 * q.x + 0.6 * q.z, 0.7 * q.y + 0.5 * q.x - 0.4 * q.z, 0.8 * q.z - 0.6 * q.x + 0.3 * q.y);
        let bent = t + 0.7 * noise3(t.zxy * 0.8);
        let f = 0.45 * fine(bent, 0.35, w) + 0.3 * fine(bent.yzx, 1.1, w) + 0.25 * fine(bent.zxy, 4.0, w);
        return smoothstep(0.42, 0.58, mask + (f - 0.5) * 0.75);
    }
    if (has_pattern(14u) && kind == 14u) { // rings
        let wave = abs(fract(length(q.xy) * 0.5) - 0.5) * 4.0;
        return mix(0.5, step_soft(1.0, wave, w * 2.0), blur);
    }
    if (has_pattern(15u) && kind == 15u) { // camouflage
        let f = 0.7 * noise3(q * 0.8) + 0.3 * noise3(q * 2.2 + 3.0);
        return 0.5 * step_soft(0.45, f, w) + 0.5 * step_soft(0.58, f, w);
    }
    return 0.0;
}
