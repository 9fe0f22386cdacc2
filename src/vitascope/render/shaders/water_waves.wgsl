// Waves of a body of water: the mesh that they move and the normals of what is too fine for it. Needs frame.wgsl.

struct Water {
    place: vec4f,    // level [m], half side [m], centre x, z
    deep: vec4f,     // w clarity [m]
    shallow: vec4f,  // w foam 0..1
    shape: vec4f,    // wave height [m], longest wave [m], steepness, shore 0 or 1
    flow: vec4f,     // how far the current has carried the water in x and z [m], its velocity [m/s]
    waves: array<vec4f, 8>,    // wave vector [rad/m], amplitude [m], angle at the origin now [rad]
    lengths: array<vec4f, 8>,  // wave number, wave length [m]
}
@group(1) @binding(0) var<uniform> water: Water;

struct Surface {
    @builtin(position) position: vec4f,
    @location(0) moved: vec2f,
}

@vertex fn water_vertex(@builtin(vertex_index) index: u32) -> Surface {
    let ring = f32(index / WATER_SPOKES);
    let spoke = f32(index % WATER_SPOKES) / f32(WATER_SPOKES - 1u) - 0.5;
    let forward = -vec3f(frame.view[0][2], frame.view[1][2], frame.view[2][2]);
    let steep = smoothstep(0.35, 0.75, abs(forward.y));
    let half_width = atan(1.0 / frame.proj[0][0]);
    let fan = mix(min(2.0 * half_width + 0.7, 6.2832), 6.2832, steep);
    let above = abs(frame.camera.y - water.place.x);
    // Most rings lie within a few hundred metres, where waves have a shape; the rest reach the horizon.
    let nearest = 0.15 + 0.25 * above * (1.0 - steep);
    let middle = max(160.0, 12.0 * above);
    let farthest = max(60000.0, above * 200.0);
    let inner = 0.78 * f32(WATER_RINGS - 1u);
    let near_growth = log(middle / nearest) / inner;
    let far_growth = log(farthest / middle) / (f32(WATER_RINGS - 1u) - inner);
    let growth = select(far_growth, near_growth, ring < inner);
    let drawn = select(middle * exp(far_growth * (ring - inner)), nearest * exp(near_growth * ring), ring < inner);
    let radius = select(drawn, 0.0, ring < 0.5 && steep > 0.0);
    let heading = atan2(forward.x, forward.z) + spoke * fan;
    let rest = frame.camera.xz + radius * vec2f(sin(heading), cos(heading));
    let spacing = max(radius * fan / f32(WATER_SPOKES), radius * growth);
    var p = vec3f(rest.x, water.place.x, rest.y);
    for (var i = 0; i < 8; i++) {
        let w = water.waves[i];
        let kept = smoothstep(1.5, 3.0, water.lengths[i].y / spacing);
        let angle = dot(w.xy, rest - water.flow.xy) + w.w;
        let along = water.shape.z * w.z * cos(angle) * kept / water.lengths[i].x;
        p += vec3f(w.x * along, w.z * sin(angle) * kept, w.y * along);
    }
    // A camera above the water stays dry: crests that would roll over it are pressed down close to it.
    if (WATER_BELOW == 0u) { p.y = min(p.y, frame.camera.y - 0.45 + 0.22 * radius); }
    return Surface(frame.view_proj * vec4f(p, 1.0), p.xz - rest);
}

struct Ripples { normal: vec3f, crest: f32, blur: f32, gusts: vec2f }

// Normal of waves and ripples, what is smaller than a pixel turned into roughness. `d` is the way of sight.
//
// No sea repeats itself: the waves come in groups, and the shorter ones are bent by currents and by each other.
fn ripples(rest: vec2f, away: f32, d: vec3f) -> Ripples {
    let pixel = away * 2.0 / (frame.proj[1][1] * frame.screen.y);
    let sight = normalize(d.xz + vec2f(1e-5, 0.0));
    let deep = pixel / max(abs(d.y), 0.01);
    let drift = rest - water.flow.xy;
    let size = water.shape.y;
    let wide = noise2(drift * (0.19 / size) + 0.02 * frame.camera.w);
    let small = noise2(drift * (0.83 / size) - 0.05 * frame.camera.w + 7.0);
    let gusts = vec2f(wide, small);
    var slope = vec2f(0.0);
    var lift = 1.0;
    var crest = 0.0;
    var blur = 0.0;
    for (var i = 0; i < 8; i++) {
        let w = water.waves[i];
        // Radians of this wave across one pixel, which covers far more water along the sight than across it.
        // Crests are short, so that even those along the sight come and go along it.
        let length_k = water.lengths[i].x;
        let turn = max(abs(dot(w.xy, sight)), 0.3 * length_k) * deep + length_k * pixel;
        let kept = smoothstep(2.8, 0.9, turn);
        let group = select(0.25 + 1.5 * small, 0.55 + 0.9 * wide, i < 3);
        let steepness = w.z * length_k;
        blur += steepness * steepness * 0.5 * (1.0 - kept * kept);
        if (kept > 0.0) {
            let angle = dot(w.xy, drift) + w.w + select(9.0 * (small - 0.5) + 5.0 * wide, 0.0, i < 3);
            let reach = kept * group;
            slope += w.xy * (w.z * cos(angle) * reach);
            lift -= water.shape.z * steepness * sin(angle) * reach;
            crest += w.z * sin(angle);
        }
    }
    blur *= 0.55 + 0.9 * wide;
    let footprint = pixel / max(sqrt(abs(d.y)), 0.06);
    // A rough sea is choppy between its waves, in ridges across the wind.
    if (asked(water.shape.x, d.y) > 0.35) {
        let k = water.waves[0].xy / water.lengths[0].x;
        let across = vec2f(-k.y, k.x);
        let seen = smoothstep(1.6, 0.3, footprint);
        if (seen > 0.01) {
            let t = frame.camera.w;
            let q = vec2f(dot(drift, k) * 0.55 - 1.1 * t, dot(drift, across) * 0.24 + 0.1 * t);
            let g = gradient(q + small) * (min(0.11 + 0.05 * water.shape.x, 0.26) * (0.5 + wide) * seen);
            slope += k * g.x + across * (0.45 * g.y);
        }
    }
    // Wind ripples, two sheets that slide over each other.
    let strength = min(0.018 + 0.10 * water.shape.x + 0.004 * length(frame.wind.xz), 0.10) * (0.45 + 1.1 * small);
    let seen = smoothstep(1.4, 0.15, footprint * 2.2);
    blur += strength * strength * 0.35 * (1.0 - seen);
    if (seen > 0.01) {
        let t = frame.camera.w;
        let a = drift * 1.7 - frame.wind.xz * t * 0.05 + vec2f(0.25 * t, 0.1 * t);
        let b = drift * 3.9 + vec2f(-0.35 * t, 0.42 * t);
        let g = gradient(a) * 1.5 + gradient(b) * 1.2;
        slope += g * (strength * seen);
    }
    return Ripples(normalize(vec3f(-slope.x, max(lift, 0.25), -slope.y)), crest, blur, gusts);
}

// Slope of noise2, from the derivative of its interpolation.
fn gradient(p: vec2f) -> vec2f {
    let f = floor(p);
    let t = p - f;
    let w = t * t * t * (t * (t * 6.0 - 15.0) + 10.0);
    let dw = 30.0 * t * t * (t - 1.0) * (t - 1.0);
    let c = vec2u(vec2i(f));
    let x = vec2u(c.x, c.x + 1u) * 0x27D4EB2Fu;
    let y = vec2u(c.y, c.y + 1u) * 0xC2B2AE3Du;
    let h00 = unit(hash_u(x.x ^ y.x));
    let h10 = unit(hash_u(x.y ^ y.x));
    let h01 = unit(hash_u(x.x ^ y.y));
    let h11 = unit(hash_u(x.y ^ y.y));
    let cross_term = h00 - h10 - h01 + h11;
    return dw * vec2f(h10 - h00 + w.y * cross_term, h01 - h00 + w.x * cross_term);
}

// Slope of rings that drops make, over two grids of cells.
fn rain_rings(p: vec2f, away: f32) -> vec2f {
    var slope = vec2f(0.0);
    let seen = frame.weather.x * smoothstep(45.0, 6.0, away);
    if (seen < 0.01) { return slope; }
    for (var k = 0; k < 3; k++) {
        let q = p * (2.1 + 0.7 * f32(k)) + f32(k) * 17.3;
        let cell = floor(q);
        let rate = 1.3 + 0.5 * f32(k);
        let name = hash2v(vec2i(cell) + vec2i(0, 71 * k));
        let beat = frame.camera.w * rate + name.x * 9.0;
        let age = fract(beat);
        let spot = 0.25 + 0.5 * hash2v(vec2i(cell) + vec2i(i32(floor(beat)), 113 * k));
        let v = q - cell - spot;
        let r = length(v);
        let wave = sin((r - age * 0.42) * 52.0) * exp(-square((r - age * 0.42) * 14.0)) * (1.0 - age);
        slope += v / max(r, 0.02) * wave;
    }
    return slope * (0.55 * seen);
}
