// How things are posed: instances, skinning, wind. Vertex stages that also say what a fragment needs. Needs stage.wgsl.

struct Vertex {
    @location(0) position: vec3f,
    @location(1) normal: vec4f,      // w occlusion
    @location(2) colour: vec4f,      // square roots; w mask
    @location(3) kind: vec4u,        // material of the thing, -, sway
    @location(4) joints: vec4u,
    @location(5) weights: vec4f,
}

struct RigidVertex {
    @location(0) position: vec3f,
    @location(1) normal: vec4f,
    @location(2) colour: vec4f,
    @location(3) kind: vec4u,
}

struct Drawn {
    @invariant @builtin(position) clip: vec4f,
    @location(0) rest: vec3f,
    @location(1) normal: vec4f,
    @location(2) colour: vec4f,
    @location(3) before: vec3f,
    @location(4) @interpolate(flat) key: u32,
    @location(5) @interpolate(flat) rotation: u32,
}

struct Posed { world: vec3f, before: vec3f, x: vec3f, y: vec3f, z: vec3f }

// How the wind carries a point that is free to move by `sway`: a lean with slow gusts, and a flutter of its own.
fn swayed(p: vec3f, sway: f32, time: f32) -> vec3f {
    let speed = length(frame.wind.xz);
    let along = vec3f(frame.wind.x, 0.0, frame.wind.z) / max(speed, 1e-3);
    let phase = dot(p.xz, along.xz) * 0.35;
    let gust = sin(time * 0.9 - phase) * 0.5 + sin(time * 2.3 - phase * 2.1 + p.x * 0.7) * 0.3;
    let lean = min(speed, 14.0) * (0.012 + 0.016 * frame.wind.w * (gust + 0.5));
    let flutter = vec3f(sin(time * 7.1 + p.x * 9.0 + p.y * 5.0), sin(time * 6.3 + p.z * 8.0), sin(time * 8.3 + p.y * 7.0));
    return p + sway * (along * lean + flutter * (0.002 * min(speed, 10.0)));
}

fn rows_of(a: vec4f, b: vec4f, c: vec4f, p: vec3f) -> vec3f {
    let h = vec4f(p, 1.0);
    return vec3f(dot(a, h), dot(b, h), dot(c, h));
}

fn posed_rigid(p: vec3f, slot: u32, sway: f32) -> Posed {
    let a = slots[slot].world[0];
    let b = slots[slot].world[1];
    let c = slots[slot].world[2];
    var now = rows_of(a, b, c, p);
    var before = rows_of(slots[slot].before[0], slots[slot].before[1], slots[slot].before[2], p);
    if (sway > 0.0) {
        now = swayed(now, sway, frame.camera.w);
        before = swayed(before, sway, frame.air_colour.w);
    }
    return Posed(now, before, vec3f(a.x, b.x, c.x), vec3f(a.y, b.y, c.y), vec3f(a.z, b.z, c.z));
}

fn blended(first: u32, indices: vec4u, weights: vec4f) -> array<vec4f, 3> {
    var a = vec4f(0.0);
    var b = vec4f(0.0);
    var c = vec4f(0.0);
    for (var k = 0u; k < 4u; k++) {
        let j = (first + indices[k]) * 3u;
        a += joints[j] * weights[k];
        b += joints[j + 1u] * weights[k];
        c += joints[j + 2u] * weights[k];
    }
    return array<vec4f, 3>(a, b, c);
}

fn posed_skinned(v: Vertex, slot: u32, sway: f32) -> Posed {
    let m = blended(slots[slot].joints.x, v.joints, v.weights);
    let old = blended(slots[slot].joints.y, v.joints, v.weights);
    let p = rows_of(m[0], m[1], m[2], v.position);
    let q = rows_of(old[0], old[1], old[2], v.position);
    let rigid = posed_rigid(p, slot, sway);
    let before = rows_of(slots[slot].before[0], slots[slot].before[1], slots[slot].before[2], q);
    let turn = mat3x3f(rigid.x, rigid.y, rigid.z);
    return Posed(
        rigid.world, before,
        turn * vec3f(m[0].x, m[1].x, m[2].x), turn * vec3f(m[0].y, m[1].y, m[2].y), turn * vec3f(m[0].z, m[1].z, m[2].z),
    );
}

fn drawn(v: RigidVertex, posed: Posed, slot: u32) -> Drawn {
    var out: Drawn;
    out.clip = frame.view_proj * vec4f(posed.world, 1.0);
    // Normals by cofactors, so that uneven scale does not tilt them.
    let n = mat3x3f(cross(posed.y, posed.z), cross(posed.z, posed.x), cross(posed.x, posed.y)) * v.normal.xyz;
    out.normal = vec4f(normalize(n), v.normal.w);
    out.colour = v.colour;
    let old = frame.prev_view_proj * vec4f(posed.before, 1.0);
    out.before = old.xyw;
    out.key = slot | (((slots[slot].joints.w >> 8u) + v.kind.x) << 20u);
    if ((slots[slot].joints.w & GROUND) != 0u) {
        out.rest = posed.world;
        out.rotation = pack_rotation(vec3f(1.0, 0.0, 0.0), vec3f(0.0, 1.0, 0.0), vec3f(0.0, 0.0, 1.0));
    } else {
        out.rest = v.position * slots[slot].tint.w;
        out.rotation = pack_rotation(normalize(posed.x), normalize(posed.y), normalize(posed.z));
    }
    // Leaves carry the normal of their crown, which holds for both of their sides.
    let kind = surfaces[out.key >> 20u].kind.x & 255u;
    out.rotation |= select(0u, BENT, kind == 36u || kind == 9u || kind == 10u) | select(0u, FRAYED, kind == 36u && v.kind.z > 0u);
    return out;
}

const BENT = 0x80000000u;
const FRAYED = 0x40000000u;

fn facing_normal(in: Drawn, front: bool) -> vec3f {
    return select(-in.normal.xyz, in.normal.xyz, front || (in.rotation & BENT) != 0u);
}

@vertex fn rigid_vertex(v: RigidVertex, @builtin(instance_index) i: u32) -> Drawn {
    let slot = visible[i];
    return drawn(v, posed_rigid(v.position, slot, f32(v.kind.z) / 255.0), slot);
}

@vertex fn skinned_vertex(v: Vertex, @builtin(instance_index) i: u32) -> Drawn {
    let slot = visible[i];
    return drawn(
        RigidVertex(v.position, v.normal, v.colour, v.kind), posed_skinned(v, slot, f32(v.kind.z) / 255.0), slot);
}
