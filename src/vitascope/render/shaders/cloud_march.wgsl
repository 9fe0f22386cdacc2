// Clouds along a ray: heaps marched through a volume, veils and closed decks as layers, a sea of clouds seen from
// above. Needs frame.wgsl, sky.wgsl, clouds.wgsl and the constants CLOUD_VEILS, CLOUD_DECK and CLOUD_HEAPS.

const HEAP_THICKNESS = 820.0;
const HEAP_STEPS = 40;

fn billow_at(p: vec3f, size: f32) -> vec4f { return textureSampleLevel(billows, billow_sampler, p / size, 0.0); }

// Density 0..1 inside a heap, from the cover of its column; h is 0 at the base and 1 at the highest top.
fn heap_density(p: vec3f, cover: f32, h: f32, fine: bool) -> f32 {
    // As heaps drift they also boil: the billows rise through them.
    let boil = length(sky.drift.xy) * 0.06;
    let q = p - vec3f(sky.drift.x, boil, sky.drift.y);
    let body = billow_at(q, 1700.0);
    let dome = cover * 1.12 - h * (0.40 + 0.78 * h) - 0.6 * smoothstep(0.09, 0.0, h);
    var s = dome + 0.95 * (body.r - 0.64) + 0.35 * (body.a - 0.5);
    if (fine && !style_is(STYLE_CLAY)) {
        let detail = billow_at(q, 430.0);
        s += 0.52 * (detail.r - 0.66) * (0.55 + 0.7 * h) + 0.20 * (detail.b - 0.55);
    }
    return saturate1(s * 4.6);
}

// Share of the key's light that reaches a point in a heap, scattered light included.
fn heap_light(p: vec3f, cover: f32, base: f32, way: vec3f) -> f32 {
    var depth = 0.0;
    var reach = 36.0;
    for (var i = 0; i < 3; i++) {
        let q = p + way * reach;
        let h = (q.y - base) / HEAP_THICKNESS;
        if (h > 1.0 || h < 0.0) { break; }
        var column = cover;
        if (i > 0) { column = cloud_cover_at(q.xz); }
        depth += heap_density(q, column, h, false) * reach * 1.1;
        reach *= 3.1;
    }
    let tau = depth * 0.013;
    return 0.68 * exp(-tau) + 0.32 * exp(-0.16 * tau);
}

// A cloud in three tones with soft borders between them, as a background painter lays them.
fn painted(c: vec3f, shade: vec3f, bright: vec3f) -> vec3f {
    let dark = luminance(shade) * 0.7;
    let level = saturate1((luminance(c) - dark) / max(luminance(bright) * 0.95 - dark, 1e-4));
    let steps = 0.5 * (smoothstep(0.30, 0.42, level) + smoothstep(0.62, 0.74, level));
    return mix(shade * vec3f(0.86, 0.90, 1.06), bright * 0.92 + shade * 0.1, steps);
}

fn phase_towards(d: vec3f) -> f32 {
    let toward = clamp(dot(d, frame.sun.xyz), -1.0, 1.0);
    return 0.88 + 0.12 * toward + 0.9 * pow(max(toward, 0.0), 8.0) + 1.6 * pow(max(toward, 0.0), 60.0);
}

fn heaps(d: vec3f, jitter: f32) -> vec4f {
    let base = sky.cloud_colour.w;
    let climb = d.y + 0.006;
    if (climb < 0.010 || sky.zenith.w < 0.02 || frame.camera.y > base) { return vec4f(0.0); }
    let near = (base - frame.camera.y) / climb;
    let far = min((base + HEAP_THICKNESS - frame.camera.y) / climb, near + 7000.0);
    if (near > 60000.0) { return vec4f(0.0); }
    let small_step = max(30.0, near * 0.0085);
    let phase = phase_towards(d);
    let way = normalize(vec3f(frame.sun.x, max(frame.sun.y, 0.02), frame.sun.z));
    // Towards a low sun the bellies take the colour of its glow.
    let along = max(dot(normalize(d.xz), normalize(sky.disc.xz + 1e-5)), 0.0);
    let low = smoothstep(0.3, 0.0, sky.disc.y);
    let warm = sky.glow.rgb * (low * (0.08 + 0.26 * square(along)));
    let shade = sky.cloud_shade.rgb * (1.0 - 0.12 * low) + warm;
    let bright = sky.cloud_colour.rgb * 1.3 * phase;
    var t = near + jitter * small_step * 2.0;
    var through = 1.0;
    var light = vec3f(0.0);
    var reach = 0.0;
    var sunlit = 0.5;
    for (var i = 0; i < HEAP_STEPS; i++) {
        if (t > far || through < 0.04) { break; }
        let p = frame.camera.xyz + vec3f(d.x, climb, d.z) * t;
        let cover = cloud_cover_at(p.xz);
        if (cover < 0.01) {
            t += small_step * 4.5;
            continue;
        }
        let h = (p.y - base) / HEAP_THICKNESS;
        let density = heap_density(p, cover, h, true);
        if (density < 0.01) {
            t += small_step * 1.8;
            continue;
        }
        let hidden = 1.0 - exp(-density * small_step * 0.030);
        if (hidden * through > 0.03) { sunlit = heap_light(p, cover, base, way); }
        // Thin edges scatter less towards the viewer than the body behind them: the powder look of cauliflower creases.
        let lit = sunlit * (0.55 + 0.45 * density);
        var c = shade * (0.62 + 0.55 * h - 0.35 * lit + low * 0.5 * (0.45 - h)) + bright * lit;
        c += flash_at(p) * (0.3 + 0.7 * h);
        light += c * (hidden * through);
        reach += t * hidden * through;
        through *= 1.0 - hidden;
        t += small_step;
    }
    let a = 1.0 - through;
    if (a < 0.004) { return vec4f(0.0); }
    if (style_is(STYLE_ANIME)) { light = painted(light / a, shade, bright) * a; }
    // Far heaps sink into the haze of the horizon.
    let clear = exp(-reach / a * 0.000055) * smoothstep(0.022, 0.075, climb) * square(1.0 - sky.ground.w) * (1.0 - sky.ground.w);
    return vec4f(mix(sky_radiance(d) * a, light, clear), a) * smoothstep(0.0, 0.2, clear);
}

fn flash_at(p: vec3f) -> vec3f {
    if (asked(frame.sun.w, p.y) < 0.005) { return vec3f(0.0); }
    let away = p.xz - sky.bolt.xy;
    let spread = exp(-dot(away, away) / (1500.0 * 1500.0)) + 0.10;
    return lightning_light() * (spread * 1.7);
}

// High thin streaks of ice.
fn veils(d: vec3f) -> vec4f {
    if (d.y < 0.02 || sky.belt.w < 0.01) { return vec4f(0.0); }
    let p = (d.xz / (d.y + 0.06)) * 6.0 - sky.drift.xy * 0.0004;
    let turned = vec2f(p.x * 0.85 + p.y * 0.52, p.y * 0.85 - p.x * 0.52);
    let bend = fbm2(turned * 0.22 + 5.0, 3) * 3.2;
    let streak = fbm2(vec2f(turned.x * 0.16 + bend * 0.4, turned.y * 0.85 + bend), 5);
    let patch_ = smoothstep(0.42, 0.78, fbm2(turned * 0.11 + 2.0, 3));
    let a = sky.belt.w * smoothstep(0.42, 0.85, streak) * patch_ * smoothstep(0.02, 0.16, d.y) * 0.85;
    let toward = clamp(dot(d, frame.sun.xyz), 0.0, 1.0);
    return vec4f(sky.cloud_colour.rgb * (0.92 + 0.9 * pow(toward, 10.0)), 1.0) * a;
}

// A closed layer: bellies and thinner places, darker and more broken in a storm.
fn deck(d: vec3f) -> vec4f {
    if (d.y < 0.0 || sky.horizon.w < 0.01) { return vec4f(0.0); }
    let storm = sky.glow.w;
    let p = d.xz * (sky.cloud_colour.w / (d.y + 0.07)) + frame.camera.xz - sky.drift.xy;
    let q = p * 0.0005;
    let bend = vec2f(fbm2(q * 0.9, 3), fbm2(q * 0.9 + 9.0, 3)) - 0.5;
    let relief = fbm2(q * 1.2 + bend * 1.6, 4) - 0.5;
    let boil = length(sky.drift.xy) * 0.00002;
    let bent = (p + bend * 2400.0) / mix(5200.0, 3600.0, storm);
    let lumps = textureSampleLevel(billows, billow_sampler, vec3f(bent.x, boil, bent.y), 0.0);
    let puffs = textureSampleLevel(billows, billow_sampler, vec3f(bent.y * 2.3, 0.4 - boil, bent.x * 2.3), 0.0);
    let bumps = (lumps.r - 0.63) * 1.3 + (puffs.r - 0.63) * 0.55;
    let near = smoothstep(0.0, 0.16, d.y);
    let tone = 1.0 + near * (mix(0.9, 1.9, storm) * relief - mix(0.55, 1.4, storm) * bumps);
    let toward = pow(clamp(dot(d, frame.sun.xyz), 0.0, 1.0), 3.0);
    let base = mix(sky.horizon.rgb, sky.zenith.rgb, smoothstep(0.0, 0.5, d.y));
    let c = base * (max(tone, 0.16) * (1.0 + 0.3 * toward * (1.0 - storm)));
    let lit = flash_at(vec3f(p.x + sky.drift.x, sky.cloud_colour.w, p.y + sky.drift.y)) * max(0.55 + 1.6 * bumps + relief, 0.05);
    let far = min(smoothstep(0.12, 0.0, d.y) * 0.6 + sky.ground.w * 0.5, 1.0);
    let veil = max(frame.air_colour.rgb, sky.horizon.rgb * 0.8);
    return vec4f(mix(c, veil, far) * (0.72 - 0.16 * frame.weather.y) + lit, 1.0) * (sky.horizon.w * smoothstep(0.0, 0.02, d.y));
}

fn clouds_along(d: vec3f, jitter: f32) -> vec4f {
    var c = vec4f(0.0);
    if (CLOUD_VEILS > 0u) { c = veils(d); }
    if (CLOUD_DECK > 0u) {
        let closed = deck(d);
        c = c * (1.0 - closed.a) + closed;
    }
    if (CLOUD_HEAPS > 0u) {
        let heap = heaps(d, jitter);
        c = c * (1.0 - heap.a) + heap;
    }
    return c;
}

// A layer of cloud below the camera, from its top `cloud_shade.w` downwards, up to `end` metres along the ray.
fn sea_of_clouds(d: vec3f, end: f32, jitter: f32) -> vec4f {
    let top = sky.cloud_shade.w;
    let thickness = 170.0;
    if (d.y > -0.004) { return vec4f(0.0); }
    let near = max((top - frame.camera.y) / d.y, 0.0);
    let far = min(min((top - thickness - frame.camera.y) / d.y, end), near + 6000.0);
    if (near > end || near > 50000.0) { return vec4f(0.0); }
    let step_m = max(max(9.0, near * 0.006), (far - near) / 40.0);
    var t = near + jitter * step_m;
    var through = 1.0;
    var light = vec3f(0.0);
    for (var i = 0; i < 40; i++) {
        if (t > far || through < 0.03) { break; }
        let p = frame.camera.xyz + d * t;
        let density = sea_density(p, top, thickness);
        if (density > 0.01) {
            let hidden = 1.0 - exp(-density * step_m * 0.035);
            let way = normalize(vec3f(frame.sun.x, max(frame.sun.y, 0.08), frame.sun.z));
            let above = sea_density(p + way * 25.0, top, thickness) * 30.0 + sea_density(p + way * 80.0, top, thickness) * 70.0;
            let sunlit = 0.75 * exp(-above * 0.030) + 0.25 * exp(-above * 0.006);
            let depth = saturate1((top - p.y) / thickness);
            let c = sky.cloud_shade.rgb * (0.95 - 0.45 * depth) + sky.cloud_colour.rgb * (1.0 * sunlit * phase_towards(d));
            light += c * (hidden * through);
            through *= 1.0 - hidden;
        }
        t += step_m * select(1.0, 0.75, density > 0.01);
    }
    let a = 1.0 - through;
    let clear = exp(-near * 0.00006);
    return vec4f(mix(sky_radiance(normalize(vec3f(d.x, 0.015, d.z))) * a, light, clear), a);
}

fn sea_density(p: vec3f, top: f32, thickness: f32) -> f32 {
    let q = p - vec3f(sky.drift.x, 0.0, sky.drift.y) * 0.5;
    let h = (p.y - (top - thickness)) / thickness;
    if (h > 1.0) { return 0.0; }
    let swell = noise2(q.xz * 0.00115) * 0.62 + noise2(q.xz * 0.0032 + 3.0) * 0.38;
    let body = billow_at(q * vec3f(1.0, 1.5, 1.0), 620.0);
    let s = 0.16 + 0.95 * swell - h + 0.75 * (body.r - 0.62) + 0.24 * (body.g - 0.6) + 0.18 * (body.b - 0.55);
    return saturate1(s * 7.0);
}
