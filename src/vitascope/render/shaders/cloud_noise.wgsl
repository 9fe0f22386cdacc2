// Bakes the billows that clouds are cut from: a tile of noise in three dimensions, once per device.

@group(0) @binding(0) var tile: texture_storage_3d<rgba8unorm, write>;

const SIZE = 64u;

fn mix_bits(x: u32) -> u32 {
    var h = x * 0x9E3779B1u;
    h = (h ^ (h >> 15u)) * 0x85EBCA77u;
    h = (h ^ (h >> 13u)) * 0xC2B2AE3Du;
    return h ^ (h >> 16u);
}

fn corner(cell: vec3i, period: i32, seed: u32) -> u32 {
    let c = vec3u(((cell % period) + period) % period);
    return mix_bits(c.x + 131u * c.y + 17161u * c.z + seed * 7919u);
}

// Inverted cellular noise of a period: 1 at the centre of a billow, 0 in the creases between.
fn billow(p: vec3f, period: i32, seed: u32) -> f32 {
    let q = p * f32(period);
    let base = vec3i(floor(q));
    let t = q - floor(q);
    var nearest = 4.0;
    for (var k = -1; k <= 1; k++) {
        for (var j = -1; j <= 1; j++) {
            for (var i = -1; i <= 1; i++) {
                let o = vec3i(i, j, k);
                let h = corner(base + o, period, seed);
                let r = vec3f(vec3u(h, h >> 10u, h >> 20u) & vec3u(1023u)) / 1023.0;
                let d = vec3f(o) + r - t;
                nearest = min(nearest, dot(d, d));
            }
        }
    }
    return 1.0 - min(sqrt(nearest), 1.0);
}

fn smooth_noise(p: vec3f, period: i32, seed: u32) -> f32 {
    let q = p * f32(period);
    let base = vec3i(floor(q));
    let t = q - floor(q);
    let w = t * t * (3.0 - 2.0 * t);
    var sum = 0.0;
    for (var k = 0; k <= 1; k++) {
        for (var j = 0; j <= 1; j++) {
            for (var i = 0; i <= 1; i++) {
                let share = select(1.0 - w, w, vec3<bool>(i == 1, j == 1, k == 1));
                let value = f32(corner(base + vec3i(i, j, k), period, seed) >> 8u) / 16777215.0;
                sum += share.x * share.y * share.z * value;
            }
        }
    }
    return sum;
}

@compute @workgroup_size(4, 4, 4)
fn bake(@builtin(global_invocation_id) at: vec3u) {
    let p = (vec3f(at) + 0.5) / f32(SIZE);
    let coarse = 0.60 * billow(p, 4, 1u) + 0.28 * billow(p, 8, 2u) + 0.12 * billow(p, 16, 3u);
    let middle = 0.60 * billow(p, 8, 4u) + 0.40 * billow(p, 16, 5u);
    let fine = 0.62 * billow(p, 6, 6u) + 0.38 * billow(p, 13, 7u);
    let soft = 0.5 * smooth_noise(p, 4, 8u) + 0.3 * smooth_noise(p, 9, 9u) + 0.2 * smooth_noise(p, 18, 10u);
    textureStore(tile, at, vec4f(coarse, middle, fine, soft));
}
