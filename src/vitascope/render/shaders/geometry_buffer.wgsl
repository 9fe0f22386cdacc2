// The geometry buffer read back: one point of a surface. Needs stage.wgsl, point.wgsl. Group 2, bindings 0 to 2.
@group(2) @binding(0) var g_where: texture_2d<u32>;
@group(2) @binding(1) var g_what: texture_2d<u32>;
@group(2) @binding(2) var g_depth: texture_depth_2d;

fn point_at(pixel: vec2f) -> Point {
    let cell = vec2i(pixel);
    let depth = textureLoad(g_depth, cell, 0);
    let a = textureLoad(g_where, cell, 0);
    let b = textureLoad(g_what, cell, 0);
    let colour = unpack4x8unorm(b.y);
    var point: Point;
    point.rest = bitcast<vec3f>(a.xyz);
    point.world = world_at(pixel, depth);
    point.normal = from_octahedral(unpack2x16snorm(b.x));
    point.turn = unpack_rotation(b.w >> 8u);
    point.colour = colour.rgb * colour.rgb;
    point.mask = colour.w;
    point.slot = a.w & 0xFFFFFu;
    point.surface = a.w >> 20u;
    point.size = pixel_size(distance_of(depth));
    point.open = f32(b.w & 255u) / 255.0;
    return point;
}
