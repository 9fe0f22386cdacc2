// Hashes and noises. All integer hashing, so that every adapter agrees on the pattern.

fn hash_u(x: u32) -> u32 {
    return (x ^ (x >> 15u)) * 0x85EBCA77u;
}

fn unit(h: u32) -> f32 { return f32(h >> 8u) * (1.0 / 16777216.0); }

fn hash2(p: vec2i) -> f32 {
    let q = vec2u(p);
    return unit(hash_u(q.x * 0x27D4EB2Fu ^ q.y * 0xC2B2AE3Du));
}

fn hash3(p: vec3i) -> f32 {
    let q = vec3u(p);
    return unit(hash_u(q.x * 0x27D4EB2Fu ^ q.y * 0xC2B2AE3Du ^ q.z * 0x165667B1u));
}

fn hash3v(p: vec3i) -> vec3f {
    let q = vec3u(p);
    let h = hash_u(q.x * 0x27D4EB2Fu ^ q.y * 0xC2B2AE3Du ^ q.z * 0x165667B1u);
    return vec3f(vec3u(h, h >> 11u, h * 0x2C1B3C6Du >> 10u) & vec3u(2047u)) * (1.0 / 2047.0);
}

fn hash2v(p: vec2i) -> vec2f {
    let q = vec2u(p);
    let h = hash_u(q.x * 0x27D4EB2Fu ^ q.y * 0xC2B2AE3Du);
    return vec2f(vec2u(h >> 16u, h & 65535u)) * (1.0 / 65535.0);
}

// Value noise, 0..1, mean 0.5, smooth to the second derivative.
fn noise2(p: vec2f) -> f32 {
    let f = floor(p);
    let t = p - f;
    let w = t * t * t * (t * (t * 6.0 - 15.0) + 10.0);
    let c = vec2u(vec2i(f));
    let x = vec2u(c.x, c.x + 1u) * 0x27D4EB2Fu;
    let y = vec2u(c.y, c.y + 1u) * 0xC2B2AE3Du;
    let a = mix(unit(hash_u(x.x ^ y.x)), unit(hash_u(x.y ^ y.x)), w.x);
    let b = mix(unit(hash_u(x.x ^ y.y)), unit(hash_u(x.y ^ y.y)), w.x);
    return mix(a, b, w.y);
}

fn noise3(p: vec3f) -> f32 {
    let f = floor(p);
    let t = p - f;
    let w = t * t * t * (t * (t * 6.0 - 15.0) + 10.0);
    let c = vec3u(vec3i(f));
    let x = vec2u(c.x, c.x + 1u) * 0x27D4EB2Fu;
    let y = vec2u(c.y, c.y + 1u) * 0xC2B2AE3Du;
    let z = vec2u(c.z, c.z + 1u) * 0x165667B1u;
    let yz = vec4u(y.x ^ z.x, y.y ^ z.x, y.x ^ z.y, y.y ^ z.y);
    let a = mix(unit(hash_u(x.x ^ yz.x)), unit(hash_u(x.y ^ yz.x)), w.x);
    let b = mix(unit(hash_u(x.x ^ yz.y)), unit(hash_u(x.y ^ yz.y)), w.x);
    let d = mix(unit(hash_u(x.x ^ yz.z)), unit(hash_u(x.y ^ yz.z)), w.x);
    let e = mix(unit(hash_u(x.x ^ yz.w)), unit(hash_u(x.y ^ yz.w)), w.x);
    return mix(mix(a, b, w.y), mix(d, e, w.y), w.z);
}

// Sums of octaves, about 0..1 with mean 0.5; each octave is turned so that lattices do not line up.
fn fbm2(p: vec2f, octaves: i32) -> f32 {
    var q = p;
    var sum = 0.0;
    var weight = 0.5;
    for (var i = 0; i < octaves; i++) {
        sum += weight * noise2(q);
        q = vec2f(1.6 * q.x + 1.2 * q.y, 1.6 * q.y - 1.2 * q.x) + 17.3;
        weight *= 0.5;
    }
    return sum + weight;
}

fn fbm3(p: vec3f, octaves: i32) -> f32 {
    var q = p;
    var sum = 0.0;
    var weight = 0.5;
    for (var i = 0; i < octaves; i++) {
        sum += weight * noise3(q);
        q = vec3f(1.6 * q.x + 1.2 * q.y, 1.6 * q.y - 1.2 * q.x, 2.03 * q.z) + 11.7;
        weight *= 0.5;
    }
    return sum + weight;
}

// Cells: x distance to the nearest point, y to the second nearest, z a number of the nearest cell 0..1.
fn cells2(p: vec2f) -> vec3f {
    let f = floor(p);
    let base = vec2i(f);
    let t = p - f;
    var first = 9.0;
    var second = 9.0;
    var name = 0.0;
    for (var j = -1; j <= 1; j++) {
        for (var i = -1; i <= 1; i++) {
            let o = vec2i(i, j);
            let h = hash2v(base + o);
            let d = vec2f(o) + 0.1 + 0.8 * h - t;
            let l = dot(d, d);
            second = min(second, max(first, l));
            name = select(name, h.x, l < first);
            first = min(first, l);
        }
    }
    return vec3f(sqrt(first), sqrt(second), name);
}

fn cells3(p: vec3f) -> vec3f {
    let f = floor(p + 0.5) - 1.0;
    let base = vec3i(f);
    let t = p - f;
    var first = 9.0;
    var second = 9.0;
    var name = 0.0;
    // The eight cells whose corners are nearest hold the nearest point in all but rare cases, which do not show.
    for (var k = 0; k <= 1; k++) {
        for (var j = 0; j <= 1; j++) {
            for (var i = 0; i <= 1; i++) {
                let o = vec3i(i, j, k);
                let h = hash3v(base + o);
                let d = vec3f(o) + 0.15 + 0.7 * h - t;
                let l = dot(d, d);
                second = min(second, max(first, l));
                name = select(name, h.x, l < first);
                first = min(first, l);
            }
        }
    }
    return vec3f(sqrt(first), sqrt(second), name);
}

// A regular dither in the plane of pixels (Jimenez 2014, interleaved gradient noise), 0..1.
fn dither(pixel: vec2f) -> f32 { return fract(52.9829189 * fract(dot(floor(pixel), vec2f(0.06711056, 0.00583715)))); }
