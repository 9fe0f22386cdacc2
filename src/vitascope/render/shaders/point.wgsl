// One point of a surface, before its material is known.
struct Point {
    rest: vec3f,          // place on the body at rest [m]; of ground its place in the world
    world: vec3f,
    normal: vec3f,
    turn: mat3x3f,        // world_from_rest, rotation only
    colour: vec3f,
    mask: f32,
    slot: u32,
    surface: u32,
    size: f32,            // of a pixel here [m]
    open: f32,            // baked openness
}

fn pixel_size(z: f32) -> f32 { return z * 2.0 / (frame.proj[1][1] * frame.screen.y); }
