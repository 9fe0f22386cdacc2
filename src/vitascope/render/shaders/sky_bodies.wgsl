// Stars, Milky Way, aurora, moon, Earth and the sun's disc over the dome. Needs frame.wgsl, sky.wgsl, and the constants
// SKY_STARS, SKY_AURORA, SKY_MOON, SKY_EARTH, SKY_DISC: 1 where there is such a thing to draw. They are constants because
// software adapters carry out both sides of an `if` for every pixel; what is constant and off costs nothing.

fn sky_full(d: vec3f) -> vec3f {
    var c = sky_radiance(d);
    let above = smoothstep(-0.01, 0.03, d.y);
    if (SKY_STARS > 0u) {
        let dim = select(smoothstep(0.0, 0.22, d.y), 1.0, sky.bodies.y > 0.5);
        c += (stars(d) + milky_way(d) * (1.0 - sky.bodies.y)) * (sky.drift.z * above * dim);
    }
    if (SKY_AURORA > 0u) { c += aurora(d) * (sky.bodies.w * above); }
    if (SKY_MOON > 0u) { c = moon_over(c, d); }
    if (SKY_EARTH > 0u) { c = earth_over(c, d); }
    if (SKY_DISC > 0u) {
        let radius = sky.bodies.z;
        // Chord instead of angle: exact enough for a disc, and acos is dear.
        let off = d - sky.disc.xyz;
        let angle = sqrt(dot(off, off));
        let edge = smoothstep(radius * 1.04, radius * 0.93, angle) * sky.disc.w * smoothstep(-0.012, 0.004, d.y);
        let limb = 0.55 + 0.45 * sqrt(max(0.0, 1.0 - square(angle / radius)));
        c += frame.sun_colour.rgb * (edge * limb * mix(9.0, 22.0, smoothstep(0.0, 0.35, sky.disc.y)));
    }
    return c;
}

// One layer of stars: cells on the faces of a cube; brightness follows the counts of stars by magnitude.
fn star_layer(d: vec3f, cells: f32, rare: f32, seed: i32) -> vec3f {
    let a = abs(d);
    var uv = d.xy / a.z;
    var face = select(0, 1, d.z < 0.0);
    if (a.x >= a.y && a.x >= a.z) {
        uv = d.zy / a.x;
        face = select(2, 3, d.x < 0.0);
    } else if (a.y >= a.z) {
        uv = d.xz / a.y;
        face = select(4, 5, d.y < 0.0);
    }
    let p = uv * cells;
    let cell = vec2i(floor(p)) + vec2i(face * 4001 + seed, seed * 7);
    let h = hash2v(cell);
    let pick = hash2(cell + vec2i(911, 77));
    let offset = (p - floor(p) - 0.15 - 0.7 * h) / cells;
    let pixel = 1.3 / (frame.proj[1][1] * frame.screen.y) * 2.0;
    let size = max(pixel * 0.62, 0.0007);
    let u = pick / rare;
    let flux = min(0.022 * pow(u + 0.002, -0.95), 1.5);
    let twinkle = 1.0 + 0.3 * sin(frame.misc.x * (5.0 + 6.0 * h.y) + h.x * 40.0) * (1.0 - sky.bodies.y);
    let tone = mix(vec3f(1.0, 0.78, 0.58), vec3f(0.7, 0.82, 1.0), smoothstep(0.1, 0.7, h.x));
    return tone * (select(0.0, flux * twinkle, pick < rare) * exp(-dot(offset, offset) / (size * size)));
}

fn stars(d: vec3f) -> vec3f {
    let q = normalize(vec3f(d.x * 0.8 + d.y * 0.6, d.y * 0.8 - d.x * 0.6, d.z));
    return (0.5 + 0.6 * sky.bodies.y) * (star_layer(q, 34.0, 0.5, 3) + 0.22 * star_layer(q, 105.0, 0.6, 31));
}

fn milky_way(d: vec3f) -> vec3f {
    let axis = normalize(vec3f(0.72, 0.42, 0.55));
    let off = dot(d, axis);
    let q = d * 3.2;
    let cloud = fbm3(q * 1.4 + 3.0, 4);
    let lane = smoothstep(0.38, 0.62, fbm3(q * 2.3 + 9.0, 3)) * exp(-square(off * 9.0 + 0.25));
    let band = exp(-square(off * 4.4)) * smoothstep(0.25, 0.8, cloud) * (1.0 - 0.75 * lane);
    return (vec3f(0.0080, 0.0086, 0.0115) * band + vec3f(0.0042, 0.0036, 0.0032) * (exp(-square(off * 8.0)) * cloud * (1.0 - lane)));
}

fn aurora(d: vec3f) -> vec3f {
    if (d.y < 0.03) { return vec3f(0.0); }
    var c = vec3f(0.0);
    let time = frame.camera.w * 0.05;
    for (var i = 0; i < 10; i++) {
        let height = 1.0 + 0.09 * f32(i);
        let p = d.xz / (d.y + 0.12) * height;
        let wave = noise2(vec2f(p.x * 0.55 + time, p.y * 0.25 - time)) * 2.4;
        let curtain = exp(-square((fract(p.y * 0.32 + wave) - 0.5) * 11.0));
        let rays = 0.45 + 0.9 * noise2(vec2f(p.x * 7.0 + wave * 4.0, time * 6.0));
        let fade = exp(-0.28 * f32(i));
        c += mix(vec3f(0.12, 0.9, 0.42), vec3f(0.45, 0.18, 0.7), f32(i) / 9.0) * (curtain * rays * fade);
    }
    return c * 0.022 * smoothstep(0.03, 0.22, d.y) * smoothstep(0.95, 0.5, d.y);
}

// x, y: place on a disc of `radius` round `centre` in units of the radius; z: 1 - r squared.
fn on_disc(d: vec3f, centre: vec3f, radius: f32) -> vec3f {
    let right = normalize(cross(centre, vec3f(0.0, 1.0, 0.0)));
    let up = cross(right, centre);
    let p = vec2f(dot(d, right), dot(d, up)) / sin(radius);
    return vec3f(p, 1.0 - dot(p, p));
}

fn moon_over(c: vec3f, d: vec3f) -> vec3f {
    let toward = dot(d, sky.moon.xyz);
    let radius = sky.bodies.z * 1.9;
    let halo = exp(-(1.0 - toward) * 600.0) * 0.014 + exp(-(1.0 - toward) * 70.0) * 0.0045;
    let visible = sky.drift.w;
    var out = c + vec3f(0.75, 0.87, 1.0) * (halo * visible * sky.moon.w);
    let p = on_disc(d, sky.moon.xyz, radius);
    let n = vec3f(p.xy, sqrt(max(p.z, 0.0)));
    let turn = (1.0 - sky.moon.w) * PI;
    let light = vec3f(sin(turn) * 0.94, sin(turn) * 0.34, cos(turn));
    let lit = smoothstep(-0.05, 0.25, dot(n, light));
    let maria = smoothstep(0.44, 0.60, fbm3(n * 2.1 + vec3f(4.0, 1.5, 2.0), 4)) * smoothstep(0.95, 0.3, length(p.xy - vec2f(-0.1, 0.1)));
    let craters = noise3(n * 9.0) * 0.16 + noise3(n * 22.0) * 0.10;
    let ground = vec3f(0.93, 0.92, 0.88) * (1.0 - 0.52 * maria) * (0.86 + craters);
    let edge = smoothstep(0.0, 0.06, p.z);
    let face = ground * (0.20 * lit + 0.0035) * mix(vec3f(1.0, 0.86, 0.68), vec3f(1.0), smoothstep(0.02, 0.28, d.y));
    return mix(out, max(out * 0.6, face), edge * visible * step(0.0, toward));
}

fn earth_over(c: vec3f, d: vec3f) -> vec3f {
    let radius = sky.bodies.x;
    let p = on_disc(d, sky.moon.xyz, radius);
    if (p.z < -0.25) { return c; }
    let right = normalize(cross(sky.moon.xyz, vec3f(0.0, 1.0, 0.0)));
    let up = cross(right, sky.moon.xyz);
    let sun = normalize(vec3f(dot(frame.sun.xyz, right), dot(frame.sun.xyz, up), -dot(frame.sun.xyz, sky.moon.xyz) + 0.35));
    let r2 = 1.0 - p.z;
    let rim_light = smoothstep(-0.35, 0.5, dot(normalize(vec3f(p.xy, 0.12)), sun));
    var out = c + vec3f(0.10, 0.28, 0.75) * (exp(-max(sqrt(r2) - 1.0, 0.0) * 26.0) * 0.55 * rim_light);
    let n = vec3f(p.xy, sqrt(max(p.z, 0.0)));
    let spin = frame.camera.w * 0.002 + 1.1;
    let tilted = vec3f(n.x * 0.93 + n.y * 0.36, n.y * 0.93 - n.x * 0.36, n.z);
    let g = vec3f(tilted.x * cos(spin) + tilted.z * sin(spin), tilted.y, tilted.z * cos(spin) - tilted.x * sin(spin));
    let relief = fbm3(g * 1.55 + vec3f(5.2, 0.3, 1.7), 5);
    let land = smoothstep(0.515, 0.54, relief);
    let dry = smoothstep(0.42, 0.62, fbm3(g * 3.1 + 7.0, 3)) * smoothstep(0.75, 0.2, abs(g.y));
    let ice = smoothstep(0.80, 0.90, abs(g.y) + 0.10 * (relief - 0.5));
    var albedo = mix(vec3f(0.012, 0.045, 0.16), mix(vec3f(0.045, 0.10, 0.03), vec3f(0.30, 0.21, 0.10), dry), land);
    albedo = mix(albedo, vec3f(0.75, 0.78, 0.82), ice);
    let stir = vec3f(fbm3(g * 2.3 + 1.0, 3), fbm3(g * 2.6 + 5.0, 3), 0.0) - 0.5;
    let cloud = smoothstep(0.48, 0.70, fbm3(vec3f(g.x * 2.4, g.y * 5.0, g.z * 2.4) + stir * 2.4 + 2.0, 5));
    albedo = mix(albedo, vec3f(0.85, 0.87, 0.9), cloud);
    let day = dot(n, sun);
    let lit = smoothstep(-0.08, 0.35, day) * (0.35 + 0.65 * max(day, 0.0));
    let shine = pow(max(dot(reflect(-sun, n), vec3f(0.0, 0.0, 1.0)), 0.0), 24.0) * (1.0 - land) * (1.0 - cloud) * 0.35;
    let air = vec3f(0.09, 0.22, 0.55) * (0.25 + 1.6 * pow(1.0 - n.z, 2.2)) * smoothstep(-0.15, 0.4, day);
    let face = albedo * lit * 1.25 + air + vec3f(1.0, 0.9, 0.7) * shine + vec3f(0.0006, 0.0008, 0.0012);
    return mix(out, face, smoothstep(0.0, 0.035, p.z) * step(0.0, dot(d, sky.moon.xyz)));
}
