struct Point {
    rest: vec3f, world: vec3f, normal: vec3f, turn: mat3x3f, colour: vec3f, mask: f32, slot: u32, surface: u32,
    size: f32, open: f32,
}
const UNDERWATER = false;
fn material_at(q: Point, v: vec3f) -> Lit {
    let m = surfaces[q.surface];
    let tint = slots[q.slot].tint;
    let rg = unpack2x16float(m.colours.x);
    let br = unpack2x16float(m.colours.y);
    let traits = unpack4x8unorm(m.traits.y);
    let ed = unpack2x16float(m.traits.z);
    var s: Lit;
    s.albedo = vec3f(rg, br.x) * q.colour * tint.rgb;
    s.roughness = br.y;
    s.normal = q.normal;
    s.smooth_normal = q.normal;
    s.metal = traits.x; s.coat = traits.y; s.translucency = traits.z;
    s.glow = s.albedo * ed.x;
    s.cavity = 1.0; s.shine = 1.0;
    return s;
}
