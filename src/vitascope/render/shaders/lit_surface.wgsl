// A surface ready for light, and its 16 bytes in the material buffer.
struct Lit {
    albedo: vec3f,
    roughness: f32,
    normal: vec3f,         // with bumps, world
    smooth_normal: vec3f,  // without
    metal: f32,
    coat: f32,
    translucency: f32,
    fuzz: f32,             // pile that catches light at the edge (fur, cloth, moss)
    glow: vec3f,           // light given off
    cavity: f32,           // 0..1 openness of the micro-structure
    shine: f32,            // multiple of the ordinary reflectance 0.04
    reddening: f32,        // 1 for skin: warm edge of the shadow
}

fn quantised(x: f32, top: f32, steps: f32) -> u32 { return u32(clamp(x / top, 0.0, 1.0) * steps + 0.5); }

fn pack_lit(s: Lit) -> vec4u {
    let brightest = max(max(s.glow.r, s.glow.g), max(s.glow.b, 1e-6));
    let exponent = clamp(ceil(log2(brightest)), -16.0, 15.0);
    let glow = vec3u(clamp(s.glow * exp2(-exponent), vec3f(0.0), vec3f(1.0)) * 511.0 + 0.5);
    let traits = quantised(s.metal, 1.0, 15.0) | (quantised(s.coat, 1.0, 15.0) << 4u)
        | (quantised(s.translucency, 1.0, 63.0) << 8u) | (quantised(s.fuzz, 1.0, 31.0) << 14u)
        | (quantised(s.cavity, 1.0, 63.0) << 19u) | (quantised(s.shine, 3.0, 63.0) << 25u)
        | (quantised(s.reddening, 1.0, 1.0) << 31u);
    return vec4u(
        pack4x8unorm(vec4f(sqrt(clamp(s.albedo, vec3f(0.0), vec3f(1.0))), s.roughness)),
        pack2x16snorm(octahedral(s.normal)),
        traits,
        glow.r | (glow.g << 9u) | (glow.b << 18u) | (u32(exponent + 16.0) << 27u),
    );
}

fn unpack_lit(m: vec4u, smooth_normal: vec3f) -> Lit {
    let a = unpack4x8unorm(m.x);
    var s: Lit;
    s.albedo = a.rgb * a.rgb;
    s.roughness = a.w;
    s.normal = from_octahedral(unpack2x16snorm(m.y));
    s.smooth_normal = smooth_normal;
    s.metal = f32(m.z & 15u) / 15.0;
    s.coat = f32((m.z >> 4u) & 15u) / 15.0;
    s.translucency = f32((m.z >> 8u) & 63u) / 63.0;
    s.fuzz = f32((m.z >> 14u) & 31u) / 31.0;
    s.cavity = f32((m.z >> 19u) & 63u) / 63.0;
    s.shine = f32((m.z >> 25u) & 63u) * (3.0 / 63.0);
    s.reddening = f32(m.z >> 31u);
    s.glow = vec3f(vec3u(m.w, m.w >> 9u, m.w >> 18u) & vec3u(511u)) * (exp2(f32(m.w >> 27u) - 16.0) / 511.0);
    return s;
}
