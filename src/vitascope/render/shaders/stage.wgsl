// What a stage puts on the device: instances, joints, materials. Group 1 of the passes that know the stage.

struct Slot {                 // one instance of one thing
    world: array<vec4f, 3>,   // rows of world_from_object now
    before: array<vec4f, 3>,  // the same one frame before
    tint: vec4f,              // w scale of the rest pose (object -> metres)
    joints: vec4u,            // first joint now, first joint before, subject id, flags (1 ground, 2 skinned, 4 moving)
}

struct Surface {              // a material, packed (see materials.py)
    colours: vec4u,           // halves: base r g | b roughness | pattern r g | b amount
    traits: vec4u,            // bytes: under rgb, amount | metal, coat, translucency, opacity | halves: emission, detail
                              // | pattern scale, detail scale
    kind: vec4u,              // surface | pattern << 8 | class << 16 | glossy << 24, halves: lowest and highest point of the mesh
}

@group(1) @binding(0) var<storage, read> slots: array<Slot>;
@group(1) @binding(1) var<storage, read> joints: array<vec4f>;
@group(1) @binding(2) var<storage, read> visible: array<u32>;
@group(1) @binding(3) var<storage, read> surfaces: array<Surface>;

// Instance and material of a pixel that shows the surface of the water.
const WATER_KEY = 0xFFFFFFFFu;

// The subject that an instance and material belong to, 0 for the set.
fn subject_of(key: u32) -> u32 {
    if (key == WATER_KEY) { return 0u; }
    return slots[key & 0xFFFFFu].joints.z;
}

const GROUND = 1u;
const SKINNED = 2u;

fn octahedral(n: vec3f) -> vec2f {
    let p = n.xy / (abs(n.x) + abs(n.y) + abs(n.z));
    let folded = (1.0 - abs(p.yx)) * select(vec2f(-1.0), vec2f(1.0), p >= vec2f(0.0));
    return select(folded, p, n.z >= 0.0);
}

fn from_octahedral(p: vec2f) -> vec3f {
    var n = vec3f(p, 1.0 - abs(p.x) - abs(p.y));
    let t = max(-n.z, 0.0);
    n = vec3f(n.xy - select(vec2f(-t), vec2f(t), n.xy >= vec2f(0.0)), n.z);
    return normalize(n);
}

// A rotation in 24 bits: the three smallest parts of its quaternion at 7, 7 and 8 bits, and which one is left out.
fn pack_rotation(x: vec3f, y: vec3f, z: vec3f) -> u32 {
    let q4 = vec4f(1.0 + x.x - y.y - z.z, 1.0 - x.x + y.y - z.z, 1.0 - x.x - y.y + z.z, 1.0 + x.x + y.y + z.z);
    let a = vec3f(y.x + x.y, z.x + x.z, z.y + y.z);
    let b = vec3f(y.z - z.y, z.x - x.z, x.y - y.x);
    var which = 0u;
    var top = q4.x;
    if (q4.y > top) { which = 1u; top = q4.y; }
    if (q4.z > top) { which = 2u; top = q4.z; }
    if (q4.w > top) { which = 3u; top = q4.w; }
    var s = vec3f(a.x, a.y, b.x);
    if (which == 1u) { s = vec3f(a.x, a.z, b.y); }
    if (which == 2u) { s = vec3f(a.y, a.z, b.z); }
    if (which == 3u) { s = b; }
    s = s * (0.5 / sqrt(max(top, 1e-6)));
    let c = vec3u(round(clamp(s * 0.70710678 + 0.5, vec3f(0.0), vec3f(1.0)) * vec3f(127.0, 127.0, 255.0)));
    return (which << 22u) | (c.x << 15u) | (c.y << 8u) | c.z;
}

fn unpack_rotation(bits: u32) -> mat3x3f {
    let c = vec3f(vec3u((bits >> 15u) & 127u, (bits >> 8u) & 127u, bits & 255u)) / vec3f(127.0, 127.0, 255.0);
    let s = (c - 0.5) * 1.41421356;
    let w = sqrt(max(1.0 - dot(s, s), 0.0));
    let which = (bits >> 22u) & 3u;
    var q = vec4f(w, s.x, s.y, s.z);
    if (which == 1u) { q = vec4f(s.x, w, s.y, s.z); }
    if (which == 2u) { q = vec4f(s.x, s.y, w, s.z); }
    if (which == 3u) { q = vec4f(s, w); }
    let t = q.xyz * 2.0;
    let v = q.xyz * t;
    let m = vec3f(q.x * t.y, q.x * t.z, q.y * t.z);
    let u = q.w * t;
    return mat3x3f(
        1.0 - v.y - v.z, m.x + u.z, m.y - u.y,
        m.x - u.z, 1.0 - v.x - v.z, m.z + u.x,
        m.y + u.y, m.z - u.x, 1.0 - v.x - v.y,
    );
}
