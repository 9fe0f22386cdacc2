// Micro-structure of surfaces: x height [m], y multiple of the albedo, z a mask that each surface reads in its own way,
// w multiple of the roughness. `p` is the rest position divided by the material's detail scale, `s` the pixel in metres.

fn has(k: u32) -> bool {
    return (select(SURFACES_HIGH >> (k & 31u), SURFACES_LOW >> (k & 31u), k < 32u) & 1u) == 1u;
}

// 1 where structure of a size can be seen, 0 where it is smaller than a pixel.
fn seen(size: f32, s: f32) -> f32 { return smoothstep(0.75, 0.25, s / size); }

// Noise of a frequency [1/m], flat where it is finer than a pixel.
fn grain(p: vec3f, frequency: f32, s: f32) -> f32 {
    return mix(0.5, noise3(p * frequency), smoothstep(0.8, 0.3, s * frequency));
}

// Large soft patches. The lattice is turned away from the axes, so that its cells do not show on level ground.
fn mottle(p: vec3f, frequency: f32, s: f32) -> f32 {
    let q = vec3f(0.8 * p.x + 0.6 * p.z, 0.7 * p.y + 0.5 * p.x - 0.4 * p.z, 0.8 * p.z - 0.6 * p.x + 0.3 * p.y);
    let bent = q + 0.35 / frequency * noise3(q.zxy * (frequency * 1.7));
    return 0.62 * grain(bent, frequency, s) + 0.25 * grain(bent.yzx, frequency * 2.7, s) + 0.13 * grain(bent.zxy, frequency * 6.3, s);
}

// Spots 0..1 with soft edges, grey where they are finer than a pixel.
fn spots(p: vec3f, frequency: f32, s: f32) -> f32 {
    let k = smoothstep(0.9, 0.35, s * frequency);
    if (k <= 0.0) { return 0.5; }
    return mix(0.5, smoothstep(0.3, 0.7, noise3(p * frequency)), k);
}

fn grains(p: vec3f, frequency: f32, octaves: i32, s: f32) -> f32 {
    return mix(0.5, fbm3(p * frequency, octaves), smoothstep(0.6, 0.15, s * frequency));
}

// Coordinates that are short along `d`, so that noise becomes strands along it.
fn combed(p: vec3f, d: vec3f, keep: f32) -> vec3f { return p - d * (dot(p, d) * (1.0 - keep)); }

// Overlapping rounded plates in rows: x height 0..1, y how near the rim, z a number of the plate.
fn plates(uv: vec2f) -> vec3f {
    var best = vec3f(0.0, 1.0, 0.0);
    for (var k = 0; k < 2; k++) {
        let row = floor(uv.y) + f32(k);
        let shift = 0.5 * (row - 2.0 * floor(row * 0.5));
        let column = floor(uv.x + shift);
        let d = vec2f(uv.x + shift - column - 0.5, (row + 0.35 - uv.y) * 0.8);
        let r = length(d) / 0.72;
        let inside = r < 1.0;
        if (inside && best.x == 0.0) { best = vec3f(1.0 - 0.75 * r * r, r, hash2(vec2i(vec2f(column, row)))); }
    }
    return best;
}

// Strands of hair, clumped; `thick` is the width of a strand [m].
fn strands(p: vec3f, n: vec3f, d: vec3f, thick: f32, s: f32) -> vec2f {
    let q = combed(p, d, 0.11);
    let bend = 0.6 * (noise3(p * (0.07 / thick)) - 0.5);
    let fine = noise3(q / thick + bend * 5.0);
    let clump = noise3(q / (thick * 4.0) + bend * 2.0);
    let f = mix(0.5, fine, seen(thick * 1.6, s));
    let c = mix(0.5, clump, seen(thick * 6.0, s));
    let lock = mix(0.5, noise3(combed(p, d, 0.3) / (thick * 13.0) + bend), seen(thick * 20.0, s));
    return vec2f(f * 0.4 + c * 0.4 + lock * 0.3, f * 0.42 + c * 0.36 + lock * 0.22);
}

fn bricks(uv: vec2f, unit: vec2f, joint: f32, shift: f32, s: f32) -> vec4f {
    let row = floor(uv.y / unit.y);
    let x = uv.x / unit.x + shift * row;
    let cell = vec2f(x - floor(x), uv.y / unit.y - row) - 0.5;
    let edge = (0.5 - abs(cell)) * unit;
    let d = min(edge.x, edge.y);
    let w = max(s, joint * 0.3);
    return vec4f(smoothstep(joint * 0.5 - w, joint * 0.5 + w, d), d, hash2(vec2i(i32(floor(x)), i32(row))), row);
}

fn wood_grain(p: vec3f, s: f32) -> vec2f {
    let q = p + 0.012 * vec3f(grain(p, 5.0, s), grain(p + 3.0 / 5.0, 5.0, s), grain(p + 8.0 / 5.0, 5.0, s));
    let ring = length(vec2f(0.35 * q.y + 0.11, q.z + 0.43)) * 62.0 + 1.3 * noise3(q * vec3f(1.3, 6.0, 6.0));
    let t = fract(ring);
    let late = mix(0.4, smoothstep(0.0, 0.75, t) * smoothstep(1.0, 0.9, t), seen(0.011, s));
    let fibre = mix(0.5, noise3(q * vec3f(30.0, 420.0, 420.0)), seen(0.003, s));
    return vec2f(-0.00025 * late + 0.0003 * fibre, 1.07 - 0.2 * late + 0.22 * (fibre - 0.5));
}

// A level top of glued boards along x, each sawn near the heart of its own tree: arches of grain, some knots. Like
// `wood_grain`, and z how far the nearest joint is [m].
fn boards(p: vec3f, s: f32) -> vec3f {
    let wide = 0.12;
    let row = floor(p.z / wide);
    let own = hash2v(vec2i(i32(row), 5));
    let across = p.z - (row + 0.25 + 0.5 * own.x) * wide;
    let x = p.x + 7.0 * own.y;
    let wander = noise2(vec2f(x * 1.6, row * 3.1));
    let part = floor(x / 0.7);
    let spot = hash2v(vec2i(i32(part), i32(row) + 40));
    let knot = vec2f((x - (part + 0.2 + 0.6 * spot.x) * 0.7) * 0.7, p.z - (row + 0.25 + 0.5 * spot.y) * wide);
    let off = length(knot) / select(0.017, 1e-3, fract(spot.x * 17.0) < 0.72);
    let depth = 0.014 + 0.05 * own.y + 0.05 * wander + 0.02 * x;
    let q = vec3f(x, p.y, p.z);
    let ring = length(vec2f(across, depth)) * 150.0 + 0.9 * noise3(q * vec3f(2.0, 9.0, 40.0)) + 2.4 * exp(-0.25 * off * off);
    let t = fract(ring);
    let late = mix(0.4, smoothstep(0.0, 0.8, t) * smoothstep(1.0, 0.92, t), seen(0.008, s));
    let fibre = mix(0.5, noise3(q * vec3f(24.0, 300.0, 420.0)), seen(0.003, s));
    let heart = smoothstep(1.25, 0.55, off);
    let tone = 0.8 + 0.34 * own.x + 0.16 * (wander - 0.5);
    let value = tone * (1.06 - 0.24 * late + 0.2 * (fibre - 0.5)) * (1.0 - 0.55 * heart);
    return vec3f(-0.0002 * late + 0.0003 * fibre, value, (0.5 - abs(p.z / wide - row - 0.5)) * wide);
}

fn cracks(p: vec3f) -> f32 {
    let c = cells3(p + 0.4 * noise3(p * 2.3));
    return smoothstep(0.0, 0.09, c.y - c.x);
}

// One of a set of nearly flat parallel joints in rock, 1 at its middle: some are shut, and each is open only in stretches.
fn joint(p: vec3f, across: vec3f, bent: f32, rough: f32, s: f32) -> f32 {
    let j = dot(p, across) + 0.16 * bent + 0.05 * rough;
    let number = floor(j + 0.5);
    let wide = 0.022 * rough;
    let line = smoothstep(wide + s, 0.3 * wide, abs(j - number)) * seen(0.06, s);
    let open = smoothstep(0.5, 0.75, hash3(vec3i(i32(number), i32(across.x * 50.0), 3)) * 0.6 + bent * 0.35);
    return line * open;
}

fn stones(p: vec3f, s: f32, grain: f32) -> vec4f {
    let c = cells3(p / grain);
    let k = seen(grain, s);
    let rise = sqrt(max(1.0 - c.x * c.x * 1.6, 0.0)) * smoothstep(0.0, 0.2, c.y - c.x);
    return vec4f(rise * grain * 0.35 * k, mix(0.9, (0.6 + 0.65 * c.z) * (0.45 + 0.55 * rise), k), c.z, 1.0);
}

fn living(kind: u32, p: vec3f, n: vec3f, s: f32) -> vec4f {
    if (has(1u) && kind == 1u) {          // skin
        let pores = grain(p, 800.0, s);
        let blotch = grain(p, 28.0, s);
        return vec4f(0.0001 * pores + 0.0006 * grain(p, 130.0, s), 0.96 + 0.08 * blotch, blotch, 0.85 + 0.3 * grain(p, 60.0, s));
    }
    if (has(2u) && kind == 2u) {          // fur
        let h = strands(p, n, normalize(vec3f(0.0, -0.45, -0.9)), 0.0042, s);
        let coat = grain(p, 9.0, s);
        return vec4f(h.x * 0.011 + coat * 0.004, (0.52 + 0.86 * h.y) * (0.9 + 0.2 * coat), h.x, 1.0);
    }
    if (has(33u) && kind == 33u) {        // hair
        let h = strands(p, n, normalize(vec3f(0.0, -1.0, -0.25)), 0.0022, s);
        return vec4f(h.x * 0.005, 0.45 + 1.0 * h.y, h.x, 0.75 + 0.5 * h.x);
    }
    if (has(3u) && kind == 3u) {          // feathers
        let uv = vec2f(atan2(p.x, p.y + 1e-4) * 0.25, p.z);
        let f = plates(uv / vec2f(0.034, 0.05));
        let barbs = noise3(combed(p, normalize(vec3f(0.0, -0.3, -1.0)), 0.2) * 480.0);
        let k = seen(0.045, s);
        return vec4f(0.0035 * f.x * k + 0.0005 * barbs * seen(0.004, s), mix(0.95, 0.72 + 0.34 * f.x * f.z + 0.25 * f.x, k) + 0.2 * (barbs - 0.5), f.y, 1.0);
    }
    if (has(4u) && kind == 4u) {          // scales
        let f = plates(vec2f(p.y, -p.z) / vec2f(0.016, 0.014));
        let k = seen(0.015, s);
        return vec4f(0.0018 * f.x * k, mix(0.95, 0.7 + 0.4 * f.x + 0.15 * (f.z - 0.5), k), f.z, 0.6 + 0.3 * f.y);
    }
    if (has(8u) && kind == 8u) {          // bark
        let q = p * vec3f(1.0, 0.28, 1.0) + 0.03 * grain(p, 9.0, s);
        let ridge = 1.0 - abs(2.0 * noise3(q * 24.0) - 1.0);
        let plate = smoothstep(0.02, 0.22, cells3(q * 17.0).y - cells3(q * 17.0).x);
        let k = seen(0.05, s);
        let fine = grain(p, 150.0, s);
        return vec4f((0.012 * plate + 0.007 * ridge) * k + 0.0015 * fine, mix(0.85, 0.38 + 0.6 * plate + 0.25 * ridge, k) * (0.8 + 0.4 * fine), plate, 1.0);
    }
    if (has(9u) && kind == 9u) {          // leaf
        let vein = abs(fract((abs(p.x) * 1.2 + p.z) * 55.0) - 0.5);
        let k = seen(0.02, s);
        return vec4f(0.0006 * smoothstep(0.0, 0.12, vein) * k, mix(1.0, 0.86 + 0.18 * smoothstep(0.0, 0.1, vein), k) * (0.88 + 0.24 * grain(p, 22.0, s)), 0.0, 0.9 + 0.3 * grain(p, 40.0, s));
    }
    if (has(36u) && kind == 36u) {        // foliage: leaves that catch light, in clumps
        let bough = spots(p, 0.85, s);
        let clump = spots(p.yzx + 0.1 * bough, 3.3, s);
        let leaf = spots(p.zxy + 0.03 * clump, 12.1, s);
        let value = (0.64 + 0.7 * bough) * (0.52 + 0.9 * clump) * (0.58 + 0.82 * leaf);
        return vec4f(0.30 * bough + 0.11 * clump + 0.02 * leaf, value, 0.45 * bough + 0.55 * clump, 1.0);
    }
    if (has(10u) && kind == 10u) {        // grass
        let tuft = mottle(p, 3.2, s);
        let lean = vec3f(grain(p, 3.0, s) - 0.5, 0.0, grain(p + 7.0 / 3.0, 3.0, s) - 0.5) * 0.05;
        let blades = noise3((p + lean * grain(p, 40.0, s)) * vec3f(170.0, 30.0, 170.0));
        let mid = noise3(p * vec3f(42.0, 10.0, 42.0));
        let k = seen(0.012, s);
        let km = seen(0.05, s);
        return vec4f(0.0045 * blades * k + 0.012 * mid * km + 0.03 * tuft, (0.72 + 0.56 * tuft) * mix(1.0, 0.6 + 0.8 * blades, k) * mix(1.0, 0.7 + 0.6 * mid, km), mottle(p, 0.55, s), 1.0);
    }
    if (has(34u) && kind == 34u) {        // coral
        let c = cells3(p * 70.0);
        let k = seen(0.016, s);
        return vec4f((0.004 * smoothstep(0.1, 0.5, c.x) + 0.008 * grain(p, 22.0, s)) * k, mix(0.95, 0.65 + 0.6 * smoothstep(0.1, 0.6, c.x), k), c.z, 1.0);
    }
    if (has(38u) && kind == 38u) {        // straw
        let h = strands(p, n, normalize(vec3f(0.35, -1.0, 0.2)), 0.007, s);
        return vec4f(h.x * 0.012, 0.42 + 1.15 * h.y, h.x, 1.0);
    }
    return vec4f(0.0, 1.0, 0.0, 1.0);
}

fn ground(kind: u32, p: vec3f, n: vec3f, s: f32) -> vec4f {
    if (has(11u) && kind == 11u) {        // rock
        let bend = grain(p, 0.8, s);
        let strata = noise3(vec3f(p.x * 0.6, p.y * 5.0 + 3.0 * bend, p.z * 0.6));
        let large = grains(p, 1.7, 3, s);
        let fine = grains(p, 14.0, 3, s);
        let split = 1.0 - max(joint(p, vec3f(0.38, 0.80, -0.42), large + bend, fine, s), joint(p, vec3f(-0.52, 0.21, 0.47), bend - large, fine, s));
        let k = seen(0.05, s);
        let h = 0.15 * large + 0.05 * strata + 0.022 * fine * k + 0.012 * split;
        return vec4f(h, (0.6 + 0.5 * large + 0.3 * strata) * mix(1.0, 0.66 + 0.68 * fine, k) * (0.78 + 0.22 * split), fine, 1.0);
    }
    if (has(12u) && kind == 12u) {        // soil
        let large = mottle(p, 1.5, s);
        let fine = grain(p, 46.0, s);
        let crumb = grain(p, 17.0, s);
        let k = seen(0.025, s);
        let kc = seen(0.07, s);
        let pebble = smoothstep(0.78, 0.9, grain(p + 5.0 / 31.0, 31.0, s)) * seen(0.03, s);
        return vec4f(
            0.05 * large + 0.007 * fine * k + 0.02 * crumb * kc + 0.008 * pebble,
            (0.6 + 0.8 * large) * mix(1.0, 0.7 + 0.6 * fine, k) * mix(1.0, 0.75 + 0.5 * crumb, kc) * (1.0 + 0.5 * pebble), pebble, 1.0);
    }
    if (has(13u) && kind == 13u) {        // sand
        let turn = grain(p, 0.35, s) * 3.0;
        let t = p.x * 7.5 + p.z * 2.2 + turn * 2.0 + 1.3 * grain(p, 1.7, s);
        let ripple = abs(fract(t) - 0.5) * 2.0;
        let round_ripple = ripple * ripple * (3.0 - 2.0 * ripple);
        let speck = grain(p, 900.0, s);
        let k = seen(0.12, s) * smoothstep(0.35, 0.6, grain(p, 0.22, s) + 0.25);
        return vec4f(0.013 * round_ripple * k + 0.00035 * speck * seen(0.002, s), mix(1.0, 0.93 + 0.12 * round_ripple, k) * (0.9 + 0.2 * grain(p, 1.3, s)) * mix(1.0, 0.85 + 0.3 * speck, seen(0.002, s)), speck, 1.0);
    }
    if (has(14u) && kind == 14u) {        // snow
        let drift = mix(0.5, noise3(p * vec3f(1.1, 1.0, 0.6)), seen(0.9, s));
        let fine = grains(p, 9.0, 3, s);
        let crystals = grain(p, 300.0, s);
        return vec4f(0.06 * drift + 0.014 * fine * seen(0.06, s) + 0.0012 * crystals * seen(0.006, s), 0.95 + 0.07 * fine, crystals, 1.0);
    }
    if (has(35u) && kind == 35u) {        // regolith
        var h = 0.05 * grains(p, 1.5, 3, s);
        var v = 0.82 + 0.36 * grains(p + 9.0 / 3.0, 3.0, 3, s);
        for (var k = 0; k < 3; k++) {
            let size = array<f32, 3>(2.6, 0.7, 0.17)[k];
            let c = cells2(flat_on(p, n) / size + f32(k) * 7.0);
            let r = c.x / (0.14 + 0.26 * c.z);
            let bowl = min(r * r - 1.0, 0.0) + 0.45 * exp(-square((r - 1.05) * 5.0));
            h += bowl * size * 0.06 * seen(size * 0.3, s);
            v *= 1.0 + 0.1 * bowl * seen(size * 0.3, s);
        }
        let grit = grain(p, 240.0, s);
        return vec4f(h + 0.0015 * grit * seen(0.006, s), v * (0.92 + 0.16 * grit), 0.0, 1.0);
    }
    if (has(37u) && kind == 37u) {        // gravel
        let a = stones(p, s, 0.055);
        let b = stones(p + 0.7, s, 0.024);
        return vec4f(max(a.x, b.x), select(b.y, a.y, a.x > b.x), a.z, 1.0);
    }
    if (has(26u) && kind == 26u) {        // ice
        let veins = 1.0 - smoothstep(0.0, 0.05, abs(noise3(p * 3.0 + grain(p, 7.0, s)) - 0.5));
        return vec4f(0.006 * grain(p, 6.0, s) + 0.001 * veins, 0.82 + 0.2 * grain(p, 2.2, s) + 0.35 * veins, veins, 0.7 + 1.6 * grain(p, 11.0, s));
    }
    if (has(39u) && kind == 39u) {        // cloud
        let f = grains(p, 1.6, 4, s);
        return vec4f(0.25 * f, 0.94 + 0.1 * f, 0.0, 1.0);
    }
    return vec4f(0.0, 1.0, 0.0, 1.0);
}

fn made(kind: u32, p: vec3f, n: vec3f, s: f32) -> vec4f {
    let uv = flat_on(p, n);
    if (has(5u) && kind == 5u) {          // cloth
        let t = vec2f(dot(p, vec3f(0.8, 0.1, 0.6)), dot(p, vec3f(-0.1, 1.0, 0.1))) * 780.0;
        let weave = mix(0.5, 0.5 + 0.5 * sin(t.x) * sin(t.y), seen(0.008, s));
        let fold = noise3(p * vec3f(11.0, 4.0, 11.0));
        return vec4f(0.00045 * weave + 0.007 * fold, 0.84 + 0.2 * weave + 0.14 * (fold - 0.5), weave, 1.0);
    }
    if (has(6u) && kind == 6u) {          // leather
        let c = cells3(p * 230.0);
        let k = seen(0.005, s);
        let crease = smoothstep(0.0, 0.25, c.y - c.x);
        return vec4f(0.0005 * crease * k + 0.002 * grain(p, 16.0, s), mix(0.95, 0.75 + 0.27 * crease, k) * (0.85 + 0.3 * grain(p, 12.0, s)), 0.0, 0.75 + 0.5 * grain(p, 9.0, s));
    }
    if (has(7u) && kind == 7u && abs(n.y) > 0.9) {   // wood seen from above
        let b = boards(p, s);
        let shut = mix(0.85, smoothstep(0.0004, 0.0012 + s, b.z), seen(0.012, s));
        return vec4f(b.x + 0.0004 * shut, b.y * mix(0.55, 1.0, shut), 0.0, 0.8 + 0.35 * grain(p, 30.0, s));
    }
    if (has(7u) && kind == 7u) {          // wood
        let g = wood_grain(p, s);
        return vec4f(g.x, g.y * (0.9 + 0.2 * grain(p, 3.0, s)), 0.0, 0.85 + 0.3 * grain(p, 30.0, s));
    }
    if (has(20u) && kind == 20u) {        // planks
        let wide = 0.15;
        let b = bricks(uv.yx, vec2f(1.9, wide), 0.006, 0.37, s);
        let q = vec3f(uv.x, uv.y - floor(uv.y / wide) * wide + 0.3 * b.z, b.z * 3.0);
        let g = wood_grain(q.yxz * vec3f(1.0, 1.0, 1.0), s);
        return vec4f(g.x + 0.006 * b.x, g.y * (0.72 + 0.5 * b.z) * mix(0.25, 1.0, b.x), b.x, 0.9 + 0.2 * b.z);
    }
    if (has(15u) && kind == 15u) {        // brick
        let b = bricks(uv, vec2f(0.235, 0.078), 0.012, 0.5, s);
        let k = seen(0.09, s);
        let rough = grains(p, 60.0, 2, s);
        let joint = 1.0 - mix(0.82, b.x, k);
        return vec4f((0.006 * b.x + 0.002 * rough) * k, mix(1.0, (0.62 + 0.62 * b.z) * (0.8 + 0.4 * rough), k) * (0.82 + 0.36 * grain(p, 0.9, s)), joint, 1.0);
    }
    if (has(16u) && kind == 16u) {        // plaster
        let f = grains(p, 7.0, 3, s);
        let fine = grain(p, 110.0, s);
        let stain = noise3(vec3f(p.x * 3.0, p.y * 0.35, p.z * 3.0));
        return vec4f(0.006 * f + 0.0013 * fine * seen(0.012, s), (0.9 + 0.2 * (f - 0.5)) * (0.86 + 0.2 * stain), 0.0, 1.0);
    }
    if (has(17u) && kind == 17u) {        // concrete
        let f = grains(p, 4.0, 4, s);
        let seam = bricks(uv, vec2f(1.8, 1.2), 0.012, 0.0, s);
        let pit = smoothstep(0.16, 0.1, cells3(p * 26.0).x) * seen(0.02, s);
        let streak = noise3(vec3f(p.x * 5.0, p.y * 0.3, p.z * 5.0));
        return vec4f(0.004 * f + 0.005 * seam.x - 0.004 * pit, (0.72 + 0.56 * f) * (0.82 + 0.3 * streak) * mix(0.62, 1.0, seam.x) * (1.0 - 0.35 * pit), 0.0, 1.0);
    }
    if (has(18u) && kind == 18u) {        // asphalt
        let g = stones(p, s, 0.012);
        let patch_ = smoothstep(0.45, 0.55, grain(p, 0.45, s));
        let crack = mix(1.0, cracks(p * 0.7), 0.55 * seen(0.05, s));
        return vec4f(g.x * 0.8 + 0.004 * crack + 0.01 * grain(p, 2.0, s), (0.55 + 0.6 * g.y) * (0.8 + 0.3 * patch_ + 0.3 * (grain(p, 1.3, s) - 0.5)) * (0.5 + 0.5 * crack), g.z, 1.0);
    }
    if (has(19u) && kind == 19u) {        // tiles
        let b = bricks(uv, vec2f(0.25, 0.25), 0.009, 0.0, s);
        let k = seen(0.12, s);
        return vec4f(0.003 * b.x * k + 0.0008 * grain(p, 18.0, s), mix(0.95, (0.88 + 0.2 * b.z) * mix(0.5, 1.0, b.x), k), 1.0 - b.x, mix(3.0, 0.8 + 0.4 * b.z, b.x));
    }
    if (has(21u) && kind == 21u) {        // roof tiles
        let along_x = abs(n.x) > abs(n.z);
        let slope = clamp(sqrt(max(1.0 - n.y * n.y, 0.0)), 0.25, 1.0);
        let across = select(p.x, p.z, along_x);
        let f = plates(vec2f(across / 0.24, p.y / slope / 0.26));
        let round_ = sqrt(max(0.25 - square(fract(across / 0.24 + 0.25) - 0.5), 0.0));
        let k = seen(0.2, s);
        return vec4f((0.03 * f.x + 0.03 * round_) * k, mix(0.85, (0.6 + 0.5 * f.z) * (0.55 + 0.5 * f.x), k) * (0.85 + 0.3 * grain(p, 2.0, s)), f.z, 1.0);
    }
    if (has(22u) && kind == 22u) {        // metal
        let brushed = noise3(p * vec3f(40.0, 700.0, 700.0));
        let wear = grain(p, 4.0, s);
        return vec4f(0.00003 * brushed + 0.0012 * grain(p, 2.5, s), 0.92 + 0.1 * brushed * seen(0.003, s), wear, 0.75 + 0.35 * wear + 0.25 * brushed);
    }
    if (has(23u) && kind == 23u) {        // car paint
        let flake = grain(p, 1600.0, s);
        return vec4f(0.0, 0.93 + 0.14 * flake * seen(0.002, s), 0.0, 0.95 + 0.1 * flake);
    }
    if (has(27u) && kind == 27u) {        // paper
        let f = grains(p, 40.0, 3, s);
        return vec4f(0.0007 * f, 0.94 + 0.1 * f, 0.0, 1.0);
    }
    if ((has(24u) && kind == 24u) || (has(28u) && kind == 28u)) {   // rubber, plastic
        return vec4f(0.0002 * grain(p, 260.0, s) * seen(0.005, s), 0.95 + 0.1 * grain(p, 7.0, s), 0.0, 0.85 + 0.3 * grain(p, 13.0, s));
    }
    if (has(32u) && kind == 32u) { return window_wall(p, uv, n, s); }
    if (has(0u) && kind == 0u) {          // plain
        return vec4f(0.0008 * grain(p, 20.0, s), 0.95 + 0.07 * grain(p, 3.0, s) + 0.04 * grain(p, 14.0, s), 0.0, 0.93 + 0.14 * grain(p, 8.0, s));
    }
    return vec4f(0.0, 1.0, 0.0, 1.0);
}

// Floors of 3.2 m with a window every 2.5 m. Mask: 0 wall, else 1 + a number of the window 0..1.
fn window_wall(p: vec3f, uv: vec2f, n: vec3f, s: f32) -> vec4f {
    let stain = 0.88 + 0.24 * noise3(vec3f(p.x * 1.2, p.y * 0.2, p.z * 1.2));
    if (abs(n.y) > 0.6) { return vec4f(0.02 * grain(p, 3.0, s), 0.6 * stain, 0.0, 1.0); }
    let unit = vec2f(2.5, 3.2);
    let cell = uv / unit;
    let name = floor(cell);
    let q = (cell - name) * unit - vec2f(1.25, 1.75);
    let half_size = vec2f(0.62, 0.85);
    let d = max(abs(q.x) - half_size.x, abs(q.y) - half_size.y);
    let k = seen(1.1, s);
    let w = max(s, 0.006);
    let glass = 1.0 - smoothstep(-w, w, d + 0.07);
    let frame_ = (1.0 - smoothstep(-w, w, d)) * (1.0 - glass);
    let bar = 1.0 - smoothstep(0.02, 0.02 + 2.0 * w, min(abs(q.x), abs(q.y - 0.25)));
    let pane = glass * (1.0 - bar * k);
    let sill = smoothstep(0.0, w, 0.06 - abs(q.y + half_size.y + 0.06)) * step(abs(q.x), half_size.x + 0.12);
    let ledge = 1.0 - smoothstep(0.1, 0.1 + w, abs(q.y + 1.68));
    let course = grain(p, 18.0, s);
    let h = 0.14 * (1.0 - pane) + 0.05 * max(sill, ledge) - 0.05 * frame_ + 0.003 * course;
    let wall = stain * (0.92 + 0.16 * course * seen(0.05, s)) * (1.0 + 0.22 * max(ledge, sill)) * mix(1.0, 1.25, max(frame_, bar * glass));
    return vec4f(h * k, wall, select(0.0, 1.0 + hash2(vec2i(name) + vec2i(i32(n.x * 3.0) * 31, i32(n.z * 3.0) * 17)), pane > 0.5), 1.0);
}

fn micro(kind: u32, p: vec3f, n: vec3f, s: f32) -> vec4f {
    if (GROUP_LIVING && is_living(kind)) { return living(kind, p, n, s); }
    if (GROUP_GROUND && is_ground(kind)) { return ground(kind, p, n, s); }
    return made(kind, p, n, s);
}

const LIVING_LOW = 0x0000071Eu;    // skin fur feather scales, bark leaf grass
const LIVING_HIGH = 0x00000056u;   // hair coral foliage straw
const GROUND_LOW = 0x04007800u;    // rock soil sand snow, ice
const GROUND_HIGH = 0x000000A8u;   // regolith gravel cloud
const GROUP_LIVING = ((SURFACES_LOW & LIVING_LOW) | (SURFACES_HIGH & LIVING_HIGH)) != 0u;
const GROUP_GROUND = ((SURFACES_LOW & GROUND_LOW) | (SURFACES_HIGH & GROUND_HIGH)) != 0u;

fn is_living(k: u32) -> bool {
    return (select(LIVING_HIGH >> (k & 31u), LIVING_LOW >> (k & 31u), k < 32u) & 1u) == 1u;
}

fn is_ground(k: u32) -> bool {
    return (select(GROUND_HIGH >> (k & 31u), GROUND_LOW >> (k & 31u), k < 32u) & 1u) == 1u;
}
