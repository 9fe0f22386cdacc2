// How light meets a surface. Needs shadow_maps.wgsl. Group 2: openness, the sky.

@group(2) @binding(3) var g_open: texture_2d<f32>;
@group(2) @binding(4) var dome: texture_2d_array<f32>;
@group(2) @binding(5) var smooth_sampler: sampler;
@group(2) @binding(6) var lamp_tiles: texture_2d<u32>;

fn dome_light(d: vec3f, layer: i32) -> vec3f {
    return textureSampleLevel(dome, smooth_sampler, sky_place(d), layer, 0.0).rgb;
}

// Sky seen in a mirror of some roughness, smooth between the stored layers.
fn mirrored(d: vec3f, roughness: f32) -> vec3f {
    let level = select(1.0 + (roughness - 0.2) / 0.35, 2.0 + (roughness - 0.55) / 0.45, roughness > 0.55);
    let lower = clamp(floor(level), 1.0, 2.0);
    let blurred = mix(dome_light(d, i32(lower)), dome_light(d, i32(lower) + 1), clamp(level - lower, 0.0, 1.0));
    if (GLOSSY) { return mix(sky_radiance(d), blurred, clamp(roughness * 5.0, 0.0, 1.0)); }
    return blurred;
}

// Split-sum fit of Karis (2014): scale and offset of F0 for light from all round.
fn mirror_share(f0: vec3f, roughness: f32, ndv: f32) -> vec3f {
    let r = roughness * vec4f(-1.0, -0.0275, -0.572, 0.022) + vec4f(1.0, 0.0425, 1.04, -0.04);
    let a = min(r.x * r.x, exp2(-9.28 * ndv)) * r.x + r.y;
    return f0 * (-1.04 * a + r.z) + (1.04 * a + r.w);
}

// GGX highlight with Schlick's Fresnel and Hammon's joint visibility; result is per unit of irradiance.
fn highlight(n: vec3f, v: vec3f, l: vec3f, f0: vec3f, roughness: f32) -> vec3f {
    let h = normalize(v + l);
    let ndh = clamp(dot(n, h), 0.0, 1.0);
    let ndl = clamp(dot(n, l), 0.0, 1.0);
    let ndv = clamp(dot(n, v), 1e-3, 1.0);
    let a = max(roughness * roughness, 0.003);
    let d = a * a / (PI * square(ndh * ndh * (a * a - 1.0) + 1.0));
    let visibility = 0.5 / mix(2.0 * ndl * ndv, ndl + ndv, a);
    let f = f0 + (1.0 - f0) * pow(1.0 - clamp(dot(l, h), 0.0, 1.0), 5.0);
    return f * (d * visibility * ndl);
}

// The roughness that blurs a highlight as a large source does (Karis 2013).
fn widened(roughness: f32, wide: f32) -> f32 { return sqrt(min(roughness * roughness + 0.5 * wide, 1.0)); }

// Light of one lamp or of the key on the surface; `irradiance` faces it, `wide` is its half width over its distance.
fn one_light(s: Lit, v: vec3f, l: vec3f, irradiance: vec3f, f0: vec3f, wide: f32) -> vec3f {
    let wrap = max(0.45 * s.translucency, LOOK_WRAP);
    let ndl = dot(s.normal, l);
    let front = max((ndl + wrap) / square(1.0 + wrap), 0.0);
    let through_it = s.translucency * 0.55 * max(-ndl, 0.0) + s.translucency * 0.15 * pow(max(dot(v, -l), 0.0), 4.0);
    // Skin: red travels furthest under the surface, so the edge of the light is warm.
    let warm = s.reddening * vec3f(0.11, 0.022, 0.006) * smoothstep(-0.3, 0.05, ndl) * smoothstep(0.5, 0.05, ndl);
    let diffuse = s.albedo * (1.0 - s.metal) * (front + through_it + warm) * (1.0 / PI);
    let rim = s.fuzz * pow(1.0 - clamp(dot(s.smooth_normal, v), 0.0, 1.0), 3.0) * smoothstep(-0.5, 0.6, ndl);
    var c = diffuse + s.albedo * rim * (0.9 / PI) + highlight(s.normal, v, l, f0, widened(s.roughness, wide)) * LOOK_GLOSS;
    if (GLOSSY) { c += highlight(s.smooth_normal, v, l, vec3f(0.04), widened(0.12, wide)) * (s.coat * LOOK_GLOSS); }
    return c * irradiance;
}

struct Lamps { reached: u32, open: f32 }   // bits of the lamps that may reach a point; how open the way to the first is

fn lamp_light(material: Lit, p: vec3f, v: vec3f, f0: vec3f, lamps: Lamps) -> vec3f {
    var s = material;
    // Puddles mirror lamps as images (wet_mirror.wgsl); here they shine no less than the wet ground around them.
    if (WET) { s.roughness = max(s.roughness, select(0.0, 0.33, s.smooth_normal.y > 0.95)); }
    var sum = vec3f(0.0);
    for (var left = lamps.reached; left != 0u; left &= left - 1u) {
        let number = firstTrailingBit(left);
        let lamp = lights.lamps[number];
        // Painters keep the hues of things under coloured lamps.
        let colour = mix(lamp.colour.rgb, vec3f(luminance(lamp.colour.rgb)), select(0.0, 0.5, LOOK_RAMP > 0u));
        let way = lamp.place.xyz - p;
        let d2 = dot(way, way);
        let far = clamp(1.0 - square(d2 / square(lamp.place.w)), 0.0, 1.0);
        let l = way * inverseSqrt(max(d2, 1e-6));
        let cone = select(1.0, smoothstep(lamp.colour.w, mix(lamp.colour.w, 1.0, 0.3), dot(-l, lamp.beam.xyz)), lamp.colour.w > -1.5);
        let strength = far * far * cone * select(1.0, lamps.open, number == 0u) / max(d2, 0.02);
        if (strength > 1e-5) { sum += one_light(s, v, l, colour * (PI * strength), f0, lamp.beam.w * inverseSqrt(max(d2, 1e-4))); }
    }
    return sum;
}

// What glows is exposed for: bright enough to bloom, not so bright that its colour is lost.
fn seen_glow(glow: vec3f) -> vec3f { return levelled(glow, select(0.55, 0.42, LOOK_RAMP > 0u)); }

// Light that rises slowly above a share `knee` of the picture's white, its hue kept.
fn levelled(c: vec3f, knee: f32) -> vec3f {
    let bright = luminance(c) * frame.sun_colour.w;
    return c * (min(bright, knee * (1.0 + 0.36 * log2(max(bright, knee) / knee))) / max(bright, 1e-5));
}

// All light that leaves the surface at `p` towards the camera. `key` shines on what faces it, `seen` of it gets there; `open`
// is how much of the sky does, `lamps` what of theirs.
fn shaded(s: Lit, p: vec3f, v: vec3f, key: vec3f, seen: f32, open: f32, lamps: Lamps) -> vec3f {
    if (LOOK_RAMP > 0u) { return stepped(s, p, v, key, seen, open, lamps); }
    let ndv = clamp(dot(s.normal, v), 0.0, 1.0);
    let f0 = mix(vec3f(0.04 * s.shine), s.albedo, s.metal);
    let shelter = open * s.cavity;
    // Light bounces inside hollows and takes on their colour (Jimenez 2016).
    let a = s.albedo * (1.0 - s.metal);
    let bounced = max(vec3f(shelter), ((shelter * (2.0404 * a - 0.3324) + (-4.7951 * a + 0.6417)) * shelter + (2.7552 * a + 0.6903)) * shelter);
    let around = mix(dome_light(s.normal, 3), dome_light(vec3f(0.0, 1.0, 0.0), 3), LOOK_FLATNESS * 0.5);
    var c = a * around * bounced;
    c += s.translucency * 0.35 * a * dome_light(-s.normal, 3) * shelter;
    let edge = 1.0 - clamp(dot(s.smooth_normal, v), 0.0, 1.0);
    c += a * s.fuzz * around * (0.55 * edge * edge * edge * shelter);
    let hidden = clamp(pow(ndv + shelter, exp2(-16.0 * s.roughness - 1.0)) - 1.0 + shelter, 0.0, 1.0);
    c += mirrored(reflect(-v, s.normal), s.roughness) * mirror_share(f0, s.roughness, ndv) * (hidden * LOOK_GLOSS);
    if (GLOSSY) {
        let share = 0.04 + 0.96 * pow(edge, 5.0);
        // Lacquer keeps its colour below a bright sky.
        c = mix(c, levelled(mirrored(reflect(-v, s.smooth_normal), 0.06), 0.3), share * s.coat * open * LOOK_GLOSS);
    }
    c += one_light(s, v, frame.sun.xyz, key * seen, f0, 0.0);
    if (LAMPS) { c += lamp_light(s, p, v, f0, lamps) * (0.25 + 0.75 * shelter * shelter); }
    return c + seen_glow(s.glow);
}

// Light in a few steps, as paint: warm where it falls, cool and a little lighter where it does not.
fn stepped(s: Lit, p: vec3f, v: vec3f, key: vec3f, seen: f32, open: f32, lamps: Lamps) -> vec3f {
    let soft = LOOK_SOFTNESS;
    let n = normalize(mix(s.smooth_normal, s.normal, LOOK_TEXTURE));
    let t = dot(n, frame.sun.xyz);
    // Posters keep bodies whole: what stands upright takes no shadows from its own parts.
    let clear = max(seen, LOOK_POSTER * smoothstep(0.8, 0.5, s.smooth_normal.y));
    let lit_part = smoothstep(-soft, soft, t - 0.08) * smoothstep(0.5 - soft, 0.5 + soft, clear);
    let half_part = smoothstep(-soft, soft, t - 0.62) * lit_part;
    let up = dome_light(vec3f(0.0, 1.0, 0.0), 3);
    let night = 1.0 - smoothstep(0.03, 0.3, luminance(up) * frame.sun_colour.w);
    let around = mix(dome_light(n, 3), up, LOOK_FLATNESS) * mix(vec3f(0.92, 0.96, 1.12), vec3f(1.0), lit_part)
        * mix(vec3f(1.0), vec3f(1.75, 1.65, 3.3), night);
    let fill = mix(around, vec3f(1.45, 1.38, 1.5) * luminance(around), 0.7 * LOOK_POSTER);
    var strength = lit_part * mix(0.72, 0.6, LOOK_POSTER);
    if (LOOK_RAMP > 1u) { strength = lit_part * 0.62 + half_part * 0.16; }
    if (LOOK_RAMP > 2u) { strength = strength * 0.9 + 0.1 * smoothstep(0.85 - soft, 0.85 + soft, t) * seen; }
    let corner = smoothstep(0.25, 0.6, open) * 0.5 + 0.5;
    var a = mix(s.albedo, mix(s.albedo, vec3f(luminance(s.albedo)), 0.85), s.metal * 0.3);
    // At night leaves are blue-green shapes.
    let leafy = night * smoothstep(0.0, 0.5, 1.0 - max(a.r, a.b) / max(a.g, 1e-4));
    a = mix(a, a.g * vec3f(0.16, 0.5, 0.46), 0.8 * leafy);
    var c = a * (fill * corner + key * (strength / PI));
    // Faces read at night.
    c += a * s.reddening * night * vec3f(1.1, 0.85, 0.8) * luminance(around);
    // Leaves glow against the light.
    c += a * key * (s.translucency * 0.12 * smoothstep(0.1, -0.3, t) * seen);
    let h = normalize(v + frame.sun.xyz);
    let spot = smoothstep(0.0, 0.02, dot(n, h) - mix(0.995, 0.955, s.roughness)) * (1.0 - s.roughness) * lit_part;
    let upright = smoothstep(0.9, 0.6, s.smooth_normal.y);
    let rim = smoothstep(0.68, 0.75, 1.0 - clamp(dot(s.smooth_normal, v), 0.0, 1.0)) * lit_part * upright;
    c += key * (LOOK_GLOSS * (0.35 * spot + 0.07 * rim * (1.0 - LOOK_FLATNESS * 0.5)));
    if (GLOSSY) {
        let edge = pow(1.0 - clamp(dot(s.smooth_normal, v), 0.0, 1.0), 3.0);
        c = mix(c, mirrored(reflect(-v, s.smooth_normal), 0.3), (0.08 + 0.5 * edge) * max(s.coat, s.metal) * LOOK_GLOSS);
    }
    if (LAMPS) {
        var painted = s;
        painted.albedo = a;
        painted.roughness = max(s.roughness, select(0.0, 0.6, WET && s.smooth_normal.y > 0.95));
        c += lamp_light(painted, p, v, vec3f(0.04), lamps) * ((0.4 + 0.6 * corner) * mix(1.0, 0.62, night));
    }
    return c + seen_glow(s.glow);
}
