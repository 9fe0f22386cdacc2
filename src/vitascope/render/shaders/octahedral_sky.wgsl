// Directions as places on a square, up in its middle.
const SKY_CELLS = 24.0;

fn sky_raw(uv: vec2f) -> vec3f {
    let p = uv * 2.0 - 1.0;
    let y = 1.0 - abs(p.x) - abs(p.y);
    let t = max(-y, 0.0);
    return vec3f(p.x - select(-t, t, p.x >= 0.0), y, p.y - select(-t, t, p.y >= 0.0));
}

fn sky_direction(uv: vec2f) -> vec3f { return normalize(sky_raw(uv)); }

fn sky_place(d: vec3f) -> vec2f {
    let p = d.xz / (abs(d.x) + abs(d.y) + abs(d.z));
    let folded = (1.0 - abs(p.yx)) * select(vec2f(-1.0), vec2f(1.0), p >= vec2f(0.0));
    return clamp(select(folded, p, d.y >= 0.0) * 0.5 + 0.5, vec2f(0.5 / SKY_CELLS), vec2f(1.0 - 0.5 / SKY_CELLS));
}
