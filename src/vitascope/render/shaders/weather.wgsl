// What falls, drifts and shines in the air: drops, flakes, motes, splashes, bolts of lightning, beams and halos of lamps.
#include "frame.wgsl"
#include "sky.wgsl"
#include "air.wgsl"

struct Layer {
    kind: f32,     // KIND_...
    box_size: f32, // side of the cube round the camera that holds it [m]
    size: f32,     // of one particle [m]
    opacity: f32,
}
struct Lamp {
    place: vec4f,   // position, reach [m]
    colour: vec4f,  // radiance at 1 m, w strength of the beam
    axis: vec4f,    // direction of the beam, w half angle [rad], 0 for none
}
struct Weather {
    layers: array<Layer, 4>,
    lamps: array<Lamp, 8>,
    counts: vec4f,  // lamps
}
@group(1) @binding(0) var<uniform> weather: Weather;
@group(1) @binding(1) var scene_depth: texture_depth_2d;
@group(1) @binding(2) var<storage, read> bolt: array<vec4f>;  // pairs: start and width [m]; end and brightness

const KIND_RAIN = 0.0;
const KIND_SNOW = 1.0;
const KIND_MOTE = 2.0;
const KIND_FIREFLY = 3.0;
const KIND_LEAF = 4.0;
const KIND_DUST = 5.0;
const KIND_PETAL = 6.0;
const KIND_EMBER = 7.0;

struct Spark {
    @builtin(position) position: vec4f,
    @location(0) corner: vec2f,
    @location(1) @interpolate(flat) colour: vec4f,  // w opacity
    @location(2) @interpolate(flat) shape: f32,     // 0 streak, 1 soft disc, 2 leaf, 3 ring of a splash
    @location(3) span: f32,                         // of a beam: half its width where `corner.x` is a length
}

// Corners of a strip of two triangles, -1..1.
fn quad_corner(vertex: u32) -> vec2f { return vec2f(f32(vertex & 1u), f32(vertex >> 1u)) * 2.0 - 1.0; }

fn nowhere() -> Spark { return Spark(vec4f(2.0, 2.0, 2.0, 1.0), vec2f(0.0), vec4f(0.0), 0.0, 1.0); }

// A ribbon between two points, at least `least` pixels wide; what it gains in width it loses in opacity.
fn ribbon(a: vec3f, b: vec3f, width: f32, least: f32, corner: vec2f, colour: vec4f, shape: f32) -> Spark {
    let ca = frame.view_proj * vec4f(a, 1.0);
    let cb = frame.view_proj * vec4f(b, 1.0);
    if (ca.w < 0.06 || cb.w < 0.06) { return nowhere(); }
    let scale = frame.screen.xy * 0.5;
    let pa = ca.xy / ca.w * scale;
    let pb = cb.xy / cb.w * scale;
    let along = pb - pa;
    let reach = max(length(along), 1e-4);
    let way = select(vec2f(0.0, 1.0), along / reach, reach > 1e-3);
    let pixels = width * frame.proj[1][1] * scale.y / ca.w;
    let wide = max(pixels, least);
    let at = mix(pa, pb, corner.y * 0.5 + 0.5) + vec2f(-way.y, way.x) * (corner.x * wide * 0.5) + way * (corner.y * wide * 0.5);
    let w = mix(ca.w, cb.w, corner.y * 0.5 + 0.5);
    let z = frame.misc.y / w;
    return Spark(vec4f(at / scale * w, z * w, w), corner, vec4f(colour.rgb, colour.a * clamp(pixels / wide, 0.12, 1.0)), shape, 1.0);
}

// Light that falls on a small thing in the air.
fn light_at(p: vec3f) -> vec3f {
    var light = sky.zenith.rgb * 0.4 + sky.horizon.rgb * 0.6 + frame.sun_colour.rgb * 0.10;
    for (var i = 0; i < i32(asked(weather.counts.x, p.y)); i++) {
        let lamp = weather.lamps[i];
        let way = lamp.place.xyz - p;
        let d2 = dot(way, way);
        var share = square(saturate1(1.0 - square(d2 / square(lamp.place.w)))) / (d2 + 0.3);
        if (asked(lamp.axis.w, p.y) > 0.0) {
            share *= smoothstep(cos(lamp.axis.w * 1.4), cos(lamp.axis.w * 0.7), dot(-way * inverseSqrt(d2), lamp.axis.xyz));
        }
        light += lamp.colour.rgb * share * 0.5;
    }
    return light + lightning_light() * 0.5;
}

fn velocity_of(kind: f32, h: vec3f) -> vec3f {
    let wind = frame.wind.xyz;
    if (kind == KIND_RAIN) { return vec3f(wind.x * 0.55, wind.y - 7.5 - 2.5 * h.x, wind.z * 0.55); }
    if (kind == KIND_SNOW) { return vec3f(wind.x * 0.5, wind.y - 0.8 - 0.5 * h.x, wind.z * 0.5); }
    if (kind == KIND_MOTE) { return vec3f(0.05, -0.02 + 0.03 * h.y, 0.03); }
    if (kind == KIND_LEAF || kind == KIND_PETAL) { return vec3f(wind.x * 0.45, -0.75 - 0.4 * h.x, wind.z * 0.45); }
    if (kind == KIND_EMBER) { return vec3f(wind.x * 0.3, 1.1 + 0.8 * h.x, wind.z * 0.3); }
    return vec3f(wind.x * 0.06, 0.02, wind.z * 0.06);
}

fn swirl(h: vec3f, amount: f32, pace: f32) -> vec3f {
    let t = frame.camera.w * pace;
    return amount * vec3f(sin(t * (0.6 + h.x) + h.y * 40.0), 0.35 * sin(t * (0.9 + h.z) + h.x * 31.0), sin(t * (0.7 + h.y) + h.z * 53.0));
}

@vertex fn particle_vertex(@builtin(vertex_index) vertex: u32, @builtin(instance_index) instance: u32) -> Spark {
    let layer = weather.layers[instance >> 16u];
    let i = i32(instance & 0xFFFFu);
    let h = hash3v(vec3i(i, i32(instance >> 16u) * 97, i32(frame.style.z)));
    let g = hash3v(vec3i(i * 7 + 3, 11, i32(instance >> 16u)));
    let kind = layer.kind;
    var v = velocity_of(kind, g);
    var p = h * layer.box_size + v * frame.camera.w;
    if (kind == KIND_SNOW) { p += swirl(g, 0.35, 1.3); }
    if (kind == KIND_LEAF || kind == KIND_PETAL) { p += swirl(g, 0.6, 1.6); }
    if (kind == KIND_MOTE || kind == KIND_DUST) { p += swirl(g, 0.25, 0.35); }
    if (kind == KIND_FIREFLY) { p += swirl(g, 1.3, 0.55); }
    if (kind == KIND_EMBER) { p += swirl(g, 0.5, 1.9); }
    let forward = -vec3f(frame.view[0][2], frame.view[1][2], frame.view[2][2]);
    let centre = frame.camera.xyz + forward * (0.42 * layer.box_size);
    var q = (p - centre) / layer.box_size;
    q = (q - floor(q + 0.5)) * layer.box_size;
    p = centre + q;
    if (kind == KIND_FIREFLY) { p.y = frame.focus.y + 0.2 + (h.y * 0.5 + 0.5 * g.y) * 2.4; }
    let away = dot(p - frame.camera.xyz, forward);
    if (away < 0.15) { return nowhere(); }
    let edge = max(max(abs(q.x), abs(q.y)), abs(q.z)) / layer.box_size * 2.0;
    var a = layer.opacity * smoothstep(1.0, 0.8, edge) * smoothstep(0.3, 1.4, away);
    let corner = quad_corner(vertex);
    var c = vec3f(0.0);
    var size = layer.size;
    var shape = 1.0;
    var least = 1.6;
    if (kind == KIND_RAIN) {
        c = light_at(p) * 1.1;
        let tail = v * max(frame.style.w, 0.017) * 1.25;
        return ribbon(p, p - tail, size * (0.7 + 0.6 * g.y), 1.35, corner, vec4f(c, a * (0.5 + 0.5 * g.z)), 0.0);
    }
    if (kind == KIND_SNOW) { c = light_at(p) * 1.5; size *= 0.6 + 0.9 * g.y; }
    if (kind == KIND_MOTE) { c = sky_radiance(normalize(p - frame.camera.xyz)) * 2.2 + sky.zenith.rgb * 0.25; a *= exp(-away * 0.18); size *= 0.5 + g.y; }
    if (kind == KIND_DUST) { c = light_at(p) * 0.9 + frame.sun_colour.rgb * 0.15; a *= 0.4 + 0.6 * g.z; }
    if (kind == KIND_LEAF) { c = mix(vec3f(0.55, 0.16, 0.02), vec3f(0.62, 0.36, 0.03), g.y) * light_at(p) * 1.5; shape = 2.0; }
    if (kind == KIND_PETAL) { c = vec3f(1.0, 0.72, 0.80) * light_at(p) * 1.3; shape = 2.0; size *= 0.7; }
    if (kind == KIND_EMBER) { c = vec3f(5.0, 1.4, 0.25) * (0.5 + 0.5 * sin(frame.camera.w * 9.0 + g.x * 40.0)); }
    if (kind == KIND_FIREFLY) {
        let blink = pow(0.5 + 0.5 * sin(frame.camera.w * (1.2 + g.x) + g.y * 40.0), 5.0);
        c = vec3f(0.75, 1.0, 0.22) * (1.6 * blink / max(frame.sun_colour.w, 0.5));
        a = saturate1(blink * 1.2);
        least = 3.0;
    }
    let up = vec3f(frame.view[0][1], frame.view[1][1], frame.view[2][1]);
    var half_up = up * size * 0.001;
    if (shape > 1.5) {
        let turn = frame.camera.w * (2.0 + 3.0 * g.x) + g.z * 6.3;
        half_up = normalize(up * sin(turn) + vec3f(cos(turn), 0.2, sin(turn * 0.7))) * size;
    } else if (kind == KIND_SNOW) {
        half_up = v * max(frame.style.w, 0.01) * 0.5;
    }
    return ribbon(p - half_up, p + half_up, size, least, corner, vec4f(c, a), shape);
}

// Where drops strike: found on the picture itself, on what faces up and is near. Most leave a ring that widens on the ground,
// the others throw up a spark; few are large.
@vertex fn splash_vertex(@builtin(vertex_index) vertex: u32, @builtin(instance_index) instance: u32) -> Spark {
    let i = i32(instance);
    let g = hash2v(vec2i(i, 5));
    let beat = frame.camera.w * (3.4 + 2.6 * g.x) + g.y * 17.0;
    let at = hash2v(vec2i(i, i32(floor(beat)) + i32(frame.style.z)));
    let pixel = vec2f(at.x, 0.32 + 0.68 * at.y) * (frame.screen.xy - 4.0) + 1.0;
    let depth = textureLoad(scene_depth, vec2i(pixel), 0);
    let away = frame.misc.y / max(depth, 1e-6);
    if (depth <= 0.0 || away > 18.0) { return nowhere(); }
    let p = world_at(pixel, depth);
    let px = world_at(pixel + vec2f(2.0, 0.0), textureLoad(scene_depth, vec2i(pixel + vec2f(2.0, 0.0)), 0));
    let py = world_at(pixel + vec2f(0.0, 2.0), textureLoad(scene_depth, vec2i(pixel + vec2f(0.0, 2.0)), 0));
    let n = normalize(cross(py - p, px - p));
    if (n.y < 0.72) { return nowhere(); }
    let age = fract(beat);
    let own = hash2v(vec2i(i, i32(floor(beat)) + 71));
    let corner = quad_corner(vertex);
    let a = frame.weather.x * (1.0 - age) * smoothstep(18.0, 3.0, away) * (0.35 + 0.65 * own.y);
    let light = light_at(p);
    if (own.x > 0.7) {
        let size = 0.012 + 0.03 * own.y * own.y;
        let foot = p + vec3f(own.x - 0.85, 0.0, own.y - 0.5) * (size * 0.8);
        return ribbon(foot, foot + vec3f(0.3 * (own.y - 0.5), 1.0, 0.0) * size * (1.0 - age), 0.006, 1.0, corner, vec4f(light, 0.5 * a), 1.0);
    }
    let radius = (0.012 + 0.055 * own.y * own.y) * (0.25 + 0.75 * sqrt(age));
    let tangent = normalize(cross(n, vec3f(0.0, 0.0, 1.0)));
    let q = p + n * 0.004 + (tangent * corner.x + cross(tangent, n) * corner.y) * radius;
    return Spark(frame.view_proj * vec4f(q, 1.0), corner, vec4f(light, 0.45 * a), 3.0, 1.0);
}

@fragment fn spark_fragment(v: Spark) -> @location(0) vec4f {
    var a = v.colour.a;
    if (v.shape < 0.5) {
        a *= (1.0 - v.corner.x * v.corner.x) * (0.35 + 0.65 * smoothstep(1.0, -0.6, v.corner.y)) * smoothstep(-1.0, -0.85, v.corner.y);
    } else if (v.shape < 1.5) {
        a *= square(saturate1(1.0 - dot(v.corner, v.corner)));
    } else if (v.shape < 2.5) {
        a *= smoothstep(1.0, 0.8, abs(v.corner.x) * 1.6 + square(v.corner.y));
    } else {
        a *= smoothstep(0.22, 0.0, abs(length(v.corner) - 0.78));
    }
    return vec4f(v.colour.rgb * a, a);
}

// Segments of a bolt: even instances its glow, odd ones its core.
@vertex fn bolt_vertex(@builtin(vertex_index) vertex: u32, @builtin(instance_index) instance: u32) -> Spark {
    let a = bolt[(instance / 2u) * 2u];
    let b = bolt[(instance / 2u) * 2u + 1u];
    let glow = (instance & 1u) == 0u;
    let light = b.w * sky.bolt.w / max(frame.sun_colour.w, 0.3);
    let colour = select(vec3f(13.0, 13.5, 15.0) * light, vec3f(0.35, 0.42, 0.75) * light, glow);
    let width = select(a.w, a.w * 16.0, glow);
    var spark = ribbon(a.xyz, b.xyz, width, select(1.6, 14.0, glow), quad_corner(vertex), vec4f(colour, 1.0), select(0.0, 1.0, glow));
    spark.colour.a = select(min(b.w * 1.5, 1.0), 0.0, glow);
    return spark;
}

@fragment fn bolt_fragment(v: Spark) -> @location(0) vec4f {
    let across = 1.0 - v.corner.x * v.corner.x;
    if (v.shape > 0.5) { return vec4f(v.colour.rgb * (across * across * across), 0.0); }
    return vec4f(v.colour.rgb * across, 0.0) * v.colour.a;
}

// A beam of a lamp, turned about its axis towards the camera.
@vertex fn beam_vertex(@builtin(vertex_index) vertex: u32, @builtin(instance_index) instance: u32) -> Spark {
    let lamp = weather.lamps[instance];
    if (lamp.colour.w <= 0.0 || lamp.axis.w <= 0.0) { return nowhere(); }
    let corner = quad_corner(vertex);
    let along = corner.y * 0.5 + 0.5;
    let reach = lamp.place.w;
    let to_camera = frame.camera.xyz - lamp.place.xyz;
    let side = normalize(cross(lamp.axis.xyz, to_camera) + vec3f(1e-6, 0.0, 0.0));
    let half_width = 0.15 + tan(lamp.axis.w) * 1.25 * reach * along;
    let p = lamp.place.xyz + lamp.axis.xyz * (reach * along) + side * (corner.x * half_width);
    let colour = lamp.colour.rgb * lamp.colour.w;
    return Spark(frame.view_proj * vec4f(p, 1.0), vec2f(corner.x * half_width, along), vec4f(colour, 0.0), 0.0, half_width);
}

// Light thins out along the beam; drifts of rain and mist show in it. What is very bright levels off, so that it stays light
// in air and never a white wedge.
@fragment fn beam_fragment(v: Spark) -> @location(0) vec4f {
    let along = v.corner.y;
    let across = v.corner.x / v.span;
    let core = max(exp(-square(across) * 4.0) - 0.0183, 0.0);
    let fade = min(square(1.0 - along) * exp(-1.6 * along) / (0.035 + along), 12.0);
    let t = frame.camera.w;
    let drifts = noise2(vec2f(along * 23.0 - 0.9 * t, across * 1.3 + along * 5.0));
    let light = v.colour.rgb * (core * fade * 0.010 * (0.6 + 0.8 * drifts));
    let bright = luminance(light) * frame.sun_colour.w;
    return vec4f(light * (0.45 * (1.0 - exp(-bright / 0.45)) / max(bright, 1e-4)), 0.0);
}

// The halo that damp air makes round a lamp.
@vertex fn halo_vertex(@builtin(vertex_index) vertex: u32, @builtin(instance_index) instance: u32) -> Spark {
    let lamp = weather.lamps[instance];
    let corner = quad_corner(vertex);
    let damp = saturate1(frame.air.x * 25.0 + frame.air.w * 0.5 + frame.weather.x * 0.35 + frame.weather.y * 0.3);
    if (damp < 0.03) { return nowhere(); }
    let right = vec3f(frame.view[0][0], frame.view[1][0], frame.view[2][0]);
    let up = vec3f(frame.view[0][1], frame.view[1][1], frame.view[2][1]);
    // A strong lamp makes a brighter halo, not a disc: its size and its light level off.
    let size = 0.5 + 0.16 * min(lamp.place.w, 45.0) * damp;
    let light = lamp.colour.rgb / (1.0 + 0.12 * max(lamp.colour.r, max(lamp.colour.g, lamp.colour.b)));
    let p = lamp.place.xyz + (right * corner.x + up * corner.y) * size;
    return Spark(frame.view_proj * vec4f(p, 1.0), corner, vec4f(light * (0.10 * damp), 0.0), 1.0, 1.0);
}

@fragment fn halo_fragment(v: Spark) -> @location(0) vec4f {
    let r2 = dot(v.corner, v.corner);
    let fall = square(saturate1(1.0 - r2)) * (0.12 + 0.88 * exp(-14.0 * r2));
    return vec4f(v.colour.rgb * fall, 0.0);
}
