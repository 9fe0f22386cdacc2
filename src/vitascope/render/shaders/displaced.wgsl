// Which place of the picture a style shows in a pixel: the middle of its block, or a little beside it. Needs frame.wgsl.
fn displaced(pixel: vec2f) -> vec2f {
    var at = pixel;
    if (LOOK_BLOCKS > 0u) {
        let block = frame.screen.y / f32(LOOK_BLOCKS);
        at = (floor(at / block) + 0.5) * block;
    }
    if (LOOK_WOBBLE > 0.0) {
        let rows = 1080.0 * frame.screen.w;
        let p = at * rows * 0.02;
        at += (vec2f(noise2(p), noise2(p + 31.0)) - 0.5) * (LOOK_WOBBLE * 2.0 / rows);
    }
    return at;
}
