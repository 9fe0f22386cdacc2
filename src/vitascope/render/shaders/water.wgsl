// The surface of a body of water, seen from above or from below. Constants that are 1 where there is such a thing:
// WATER_BELOW (the camera is under it), WATER_RAIN, WATER_FOAM, WATER_SHORE.
#include "frame.wgsl"
#include "sky.wgsl"
#include "clouds.wgsl"
#include "air.wgsl"
#include "water_waves.wgsl"

@group(1) @binding(1) var scene_depth: texture_depth_2d;
@group(1) @binding(2) var lit: texture_2d<f32>;
@group(1) @binding(3) var lit_sampler: sampler;
@group(2) @binding(0) var surface_depth: texture_depth_2d;
@group(2) @binding(1) var surface_moved: texture_2d<f32>;
@group(2) @binding(2) var mirror: texture_2d<f32>;

// A point of the surface in a pixel.
struct Seen { at: vec2f, depth: f32, p: vec3f, rest: vec2f }

// How far the waves have carried the water that is seen in a pixel. Where something stands before it nothing is written, not
// even depth: so that the ground over a water table, which may be most of a picture, is not shaded as water.
@fragment fn water_moved(v: Surface) -> @location(0) vec4f {
    if (textureLoad(scene_depth, vec2i(v.position.xy), 0) > v.position.z) { discard; }
    return vec4f(v.moved, 0.0, 1.0);
}

fn pixel_of(p: vec3f) -> vec3f {
    let clip = frame.view_proj * vec4f(p, 1.0);
    return vec3f(clip.x / clip.w * 0.5 + 0.5, 0.5 - 0.5 * clip.y / clip.w, clip.w);
}

// What stands in or beyond the water, mirrored in its mean plane: a small picture, w is where something was met.
@fragment fn mirror_things(@builtin(position) at: vec4f) -> @location(0) vec4f {
    let pixel = (floor(at.xy) + 0.5) * MIRROR_STRIDE;
    let d = ray_at(pixel);
    let height = frame.camera.y - water.place.x;
    if (d.y > -0.0015 || height < 0.0) { return vec4f(0.0); }
    let start = height / -d.y;
    let p = frame.camera.xyz + d * start;
    let r = vec3f(d.x, -d.y, d.z);
    let first = 0.2 + 0.02 * start;
    let growth = pow(4000.0 / first, 1.0 / 21.0);
    var before = 0.0;
    var way = first * mix(1.0, growth, dither(at.xy));
    let limit = frame.screen.xy - 1.0;
    var met = false;
    for (var i = 0; i < 22; i++) {
        let q = pixel_of(p + r * way);
        if (q.z <= 0.05 || q.y < 0.0) { break; }
        let depth = textureLoad(scene_depth, vec2i(clamp(q.xy * frame.screen.xy, vec2f(0.0), limit)), 0);
        if (depth > 0.0) {
            let behind = q.z - frame.misc.y / depth;
            met = behind > 0.0 && behind < (way - before) * 1.5 + 0.25 + 0.02 * q.z;
        }
        if (met) { break; }
        before = way;
        way *= growth;
    }
    // Looked at more closely here and not in the loop, where a software adapter would do it at each step.
    return select(vec4f(0.0), mirror_hit(p, r, before, way), met);
}

fn mirror_hit(p: vec3f, r: vec3f, start: f32, end: f32) -> vec4f {
    var near = start;
    var far = end;
    let limit = frame.screen.xy - 1.0;
    for (var i = 0; i < 5; i++) {
        let middle = 0.5 * (near + far);
        let q = pixel_of(p + r * middle);
        let depth = textureLoad(scene_depth, vec2i(clamp(q.xy * frame.screen.xy, vec2f(0.0), limit)), 0);
        if (depth > 0.0 && frame.misc.y / depth < q.z) { far = middle; } else { near = middle; }
    }
    let q = pixel_of(p + r * far);
    let edge = smoothstep(0.0, 0.03, q.y) * smoothstep(0.12, 0.0, max(abs(q.x - 0.5) - 0.5, 0.0));
    return vec4f(textureSampleLevel(lit, lit_sampler, clamp(q.xy, vec2f(0.0), vec2f(1.0)), 0.0).rgb * edge, edge);
}

// Light from the side to which the surface reflects: things from the small mirror, the drawn sky, else the dome. w is 1
// where the way is open to the sky.
fn reflected(v: Seen, n: vec3f, r: vec3f, away: f32) -> vec4f {
    var c = sky_radiance(r);
    let far = frame.view_proj * vec4f(r, 0.0);
    if (far.w > 0.0) {
        let uv = vec2f(far.x / far.w * 0.5 + 0.5, 0.5 - 0.5 * far.y / far.w);
        let held = clamp(uv, vec2f(0.003), vec2f(0.997));
        if (textureLoad(scene_depth, vec2i(held * (frame.screen.xy - 1.0)), 0) <= 0.0) {
            let outside = max(abs(uv.x - 0.5), abs(uv.y - 0.5)) - 0.5;
            let seen = textureSampleLevel(lit, lit_sampler, held, 0.0).rgb;
            c = mix(c, min(seen, vec3f(max(luminance(c), 0.01) * 5.0)), smoothstep(0.35, -0.02, outside) * 0.9);
        }
    }
    let shift = n.xz * vec2f(0.10, 0.16) * min(1.0, 12.0 / max(away, 1.0) + 0.25);
    let uv = clamp(v.at * frame.screen.zw + vec2f(shift.x, -abs(shift.y) * 0.3 + shift.y), vec2f(0.001), vec2f(0.999));
    if (WATER_MIRROR == 0u) { return vec4f(c, 1.0); }
    let thing = textureSampleLevel(mirror, lit_sampler, uv, 0.0);
    let calm = exp(-0.45 * water.shape.x);
    return vec4f(c * (1.0 - thing.w * calm) + thing.rgb * calm, 1.0 - thing.w);
}

@fragment fn water_light(@builtin(position) at: vec4f) -> @location(0) vec4f {
    let pixel = vec2i(at.xy);
    let depth = textureLoad(surface_depth, pixel, 0);
    if (depth <= 0.0) { discard; }
    let behind = textureLoad(scene_depth, pixel, 0);
    let p = world_at(at.xy, depth);
    let beyond = max(abs(p.x - water.place.z), abs(p.z - water.place.w)) > water.place.y && water.place.y < 1500.0;
    if (beyond) { discard; }
    let v = Seen(at.xy, depth, p, p.xz - textureLoad(surface_moved, pixel, 0).xy);
    let way = p - frame.camera.xyz;
    let away = length(way);
    let d = way / away;
    var r = ripples(v.rest, away, d);
    if (WATER_RAIN > 0u) {
        let rings = rain_rings(v.rest, away);
        r.normal = normalize(r.normal - vec3f(rings.x, 0.0, rings.y));
    }
    if (WATER_BELOW > 0u) { return vec4f(air_apply(from_below(v, d, r), p), 1.0); }
    return vec4f(air_apply(from_above(v, d, away, r, behind), p), 1.0);
}

// Water of paper: one colour, bands of light on the crests, a white rim at the shore.
fn paper_water(v: Seen, d: vec3f, away: f32, behind: f32) -> vec3f {
    let light = sky.zenith.rgb * 0.5 + sky.horizon.rgb * 0.5 + frame.sun_colour.rgb * (max(frame.sun.y, 0.0) / PI);
    let near = water.deep.rgb * 1.6 + water.shallow.rgb * 0.55;
    var c = mix(near * light, sky_radiance(vec3f(d.x, 0.05, d.z)), 0.25 + 0.5 * smoothstep(15.0, 300.0, away));
    let stretch = vec2f(0.10, 0.42) / (1.0 + away * 0.02);
    let stripe = noise2(v.rest * stretch + vec2f(frame.camera.w * 0.10, frame.camera.w * 0.04));
    c = mix(c, c * 1.35 + sky.horizon.rgb * 0.06, smoothstep(0.60, 0.62, stripe));
    if (WATER_SHORE > 0u && behind > 0.0) {
        let column = max(v.p.y - world_at(v.at, behind).y, 0.0);
        let edge = 0.07 + 0.05 * sin(frame.camera.w * 0.8 + noise2(v.rest * 0.2) * 6.0);
        c = mix(c, water.shallow.rgb * light * 1.5 + c * 0.4, smoothstep(0.62, 0.60, column));
        c = mix(c, light * 0.8, smoothstep(edge + 0.02, edge, column));
    }
    return c;
}

fn from_above(v: Seen, d: vec3f, away: f32, r: Ripples, behind: f32) -> vec3f {
    if (style_is(STYLE_FLAT)) { return paper_water(v, d, away, behind); }
    var n = r.normal;
    // Waves that face away from the camera are hidden behind others: keep the normal on the visible side.
    n = normalize(n - d * max(dot(n, d) + 0.02, 0.0));
    let sun = frame.sun_colour.rgb * (1.0 - 0.6 * step(0.5, sky.plain.w));
    let shade = cloud_shadow(v.p);
    let light = sky.zenith.rgb * 0.5 + sky.horizon.rgb * 0.5 + sun * (shade * max(frame.sun.y, 0.0) / PI);
    let body = through_water(v, n, d, away, behind, light);
    let facing = max(dot(n, -d), 0.0);
    // Average Fresnel over unresolved slopes is lower at grazing angles (Bruneton et al. 2010).
    let spread = sqrt(r.blur);
    let fresnel = 0.02 + 0.98 * pow(1.0 - facing, 5.0 * exp(-2.69 * spread)) / (1.0 + 22.7 * pow(spread, 1.5));
    var away_side = reflect(d, n);
    away_side.y = abs(away_side.y) + spread * 0.5;
    away_side = normalize(away_side);
    let sky_light = reflected(v, n, away_side, away);
    var c = mix(body.rgb, sky_light.rgb, fresnel * body.w);
    c += glitter(n, d, r.blur) * sun * (shade * body.w * sky_light.w);
    if (WATER_FOAM > 0u) { c = foam_over(c, v, r, away, behind, light); }
    return c;
}

// Light that comes out of the water, from its bed and from itself; w fades out where it is a film over the shore.
fn through_water(v: Seen, n: vec3f, d: vec3f, away: f32, behind: f32, light: vec3f) -> vec4f {
    let uv = v.at * frame.screen.zw;
    let limit = vec2f(textureDimensions(scene_depth)) - 1.0;
    let straight = world_at(v.at, behind);
    let column = select(v.p.y - straight.y, 1e3, behind <= 0.0);
    let bend = n.xz * (min(column, 3.0) * 0.22 / max(away, 1.0)) * vec2f(1.0, -1.0);
    var bent = clamp(uv + bend, vec2f(0.001), vec2f(0.999));
    var bed_depth = textureLoad(scene_depth, vec2i(bent * limit), 0);
    if (bed_depth > v.depth) {
        bent = uv;
        bed_depth = behind;
    }
    let bed = world_at(bent * frame.screen.xy, bed_depth);
    let path = select(min(length(bed - v.p), 400.0), 400.0, bed_depth <= 0.0);
    let extinction = vec3f(2.3, 1.0, 0.85) * (1.6 / max(water.deep.w, 0.05));
    let passes = exp(-extinction * path);
    let depth_seen = 1.0 - exp(-path / max(water.deep.w, 0.05) * 0.55);
    let own = mix(water.shallow.rgb * 0.6, water.deep.rgb, depth_seen) * light;
    // Thin crests glow with the light that comes through them.
    let back = pow(max(dot(d, frame.sun.xyz), 0.0), 3.0) * smoothstep(0.1, 0.9, v.p.y - water.place.x) * max(1.0 - frame.sun.y, 0.0);
    let glow = water.shallow.rgb * frame.sun_colour.rgb * back * 0.5;
    let seen = textureSampleLevel(lit, lit_sampler, bent, 0.0).rgb;
    return vec4f(seen * passes + (own + glow) * (1.0 - passes), smoothstep(0.0, 0.05, column));
}

// Reflection of the key light off many small facets.
fn glitter(n: vec3f, d: vec3f, blur: f32) -> f32 {
    let h = normalize(frame.sun.xyz - d);
    let alpha2 = clamp(0.0006 + blur * 1.1, 0.0006, 0.09);
    let nh = max(dot(n, h), 0.0);
    let t = nh * nh * (alpha2 - 1.0) + 1.0;
    let lobe = min(alpha2 / (PI * t * t), 90.0);
    let f = 0.02 + 0.98 * pow(1.0 - max(dot(-d, h), 0.0), 5.0);
    let nl = max(dot(n, frame.sun.xyz), 0.0);
    return lobe * f * 0.25 * smoothstep(0.0, 0.06, nl + 0.03) / max(max(dot(n, -d), nl), 0.12) * step(0.0, frame.sun.y + 0.02);
}

fn foam_over(c: vec3f, v: Seen, r: Ripples, away: f32, behind: f32, light: vec3f) -> vec3f {
    let amount = water.shallow.w;
    let drift = v.rest - water.flow.xy;
    let lace = foam_lace(drift, away);
    let top = 0.62 * water.shape.x;
    let height = (v.p.y - water.place.x) / max(top, 0.02);
    // Caps break where a group of waves is high, and leave streaks along the wind.
    var cover = smoothstep(0.30, 0.95, height + 0.25 * (lace - 0.5) + 0.5 * (r.gusts.y - 0.5)) * smoothstep(0.25, 1.2, water.shape.x)
        * smoothstep(0.2, 0.58, 0.5 * r.gusts.x + 0.5 * r.gusts.y);
    if (asked(water.shape.x, v.p.y) > 1.5) {
        let k = water.waves[0].xy / water.lengths[0].x;
        let combed = vec2f(dot(drift, k) * 0.045, dot(drift, vec2f(-k.y, k.x)) * 0.42);
        let streak = noise2(combed + 1.7 * r.gusts.y) * smoothstep(600.0, 120.0, away);
        cover = max(cover, 0.55 * smoothstep(0.60, 0.95, streak + 0.2 * (r.gusts.x - 0.5)));
    }
    if (WATER_SHORE > 0u && behind > 0.0) {
        let bed = world_at(v.at, behind);
        // Breakers run up higher, and their froth lies further out, the larger the waves are.
        let column = max(v.p.y - bed.y, 0.0) / (1.0 + 1.3 * max(water.shape.x - 0.8, 0.0));
        let swash = 0.5 + 0.5 * sin(frame.camera.w * 0.75 + noise2(v.rest * 0.11) * 7.0);
        let rim = exp(-square((column - 0.02) / (0.035 + 0.05 * swash)));
        let rows = 0.5 + 0.5 * sin(column * 15.0 + frame.camera.w * 1.1 + noise2(v.rest * 0.35) * 5.0);
        let washed = smoothstep(0.45, 0.02, column) * smoothstep(0.55, 1.0, rows) * 0.8;
        cover = max(cover, max(rim * 1.1, washed));
    }
    let shown = min(saturate1(cover * 1.25) * amount * 1.6, 0.86);
    let mask = smoothstep(1.0 - shown, 1.25 - 0.55 * shown, lace + 0.18 * shown) * min(shown * 2.0, 1.0);
    let white = light * 0.78 * (0.75 + 0.25 * r.normal.y);
    return mix(c, white, saturate1(mask));
}

// A net of bubbles: 1 on its threads.
fn foam_lace(p: vec2f, away: f32) -> f32 {
    let warp = gradient(p * 0.9) * 0.25;
    let a = 1.0 - abs(2.0 * noise2(p * 1.6 + warp * 1.6) - 1.0);
    let b = 1.0 - abs(2.0 * noise2(p * 4.3 + warp * 2.0 + 4.0) - 1.0);
    return mix(0.62 * a * a + 0.38 * b, 0.55 + 0.3 * (noise2(p * 0.35) - 0.5), smoothstep(50.0, 240.0, away));
}

// The underside: inside Snell's window the sky, outside it the water mirrored.
fn from_below(v: Seen, d: vec3f, r: Ripples) -> vec3f {
    let n = -r.normal;
    let bent = refract(d, n, 1.333);
    let mirrored = sky_radiance(reflect(d, n)) * 1.1;
    if (dot(bent, bent) < 0.01) { return mirrored; }
    let facing = max(dot(n, -d), 0.0);
    let outside = bent.y;
    let toward = max(dot(bent, frame.sun.xyz), 0.0);
    let window = sky.zenith.rgb * (1.1 + 1.3 * outside) + frame.sun_colour.rgb * (0.25 * pow(toward, 12.0) + 3.0 * pow(toward, 220.0));
    let fresnel = pow(1.0 - facing, 3.0);
    return mix(window, mirrored, saturate1(fresnel * 1.6 - 0.08));
}
