// What is between the camera and things: haze, fog, mist banks, water. Needs frame.wgsl, sky.wgsl.

// Extinction per metre of water for red, green and blue; half of the red is given back, as a diver's lamp or grading does, so
// that what is near keeps its hue.
const WATER_EXTINCTION = vec3f(0.19, 0.093, 0.085);

// Light `c` that leaves a point, as it arrives at the camera.
fn air_apply(c: vec3f, p_world: vec3f) -> vec3f {
    let way = p_world - frame.camera.xyz;
    let length_m = min(length(way), 60000.0);
    let d = way / max(length_m, 1e-4);
    if (asked(frame.misc.w, d.y) > 0.5) { return water_between(c, p_world, d, length_m); }
    if (asked(sky.bodies.y, d.y) > 0.5) { return c; }
    let passes = exp(-air_depth(frame.camera.xyz, d, length_m));
    let in_air = air_light(d);
    // Blue is scattered out of far light before red is, so that ridges turn blue one after the other.
    let tint = exp(-vec3f(0.85, 1.0, 1.22) * (-log(max(passes, 1e-5))));
    return c * tint + in_air * (1.0 - mix(vec3f(passes), tint, 0.4));
}

// Optical depth along a way through air whose density falls exponentially with height, with banks of mist low down.
fn air_depth(from_p: vec3f, d: vec3f, length_m: f32) -> f32 {
    let falloff = max(frame.air.z, 1e-5);
    let start = max(exp(-falloff * (from_p.y - frame.air.y)), 0.0);
    let climb = falloff * d.y * length_m;
    let average = select((1.0 - exp(-climb)) / climb, 1.0 - 0.5 * climb, abs(climb) < 1e-3);
    var depth = frame.air.x * min(start, 8.0) * min(average, 50.0) * length_m;
    if (asked(frame.air.w, d.y) > 0.01) { depth += mist_depth(from_p, d, length_m); }
    return depth;
}

// Banks of mist a few metres thick that drift with the wind: one look at the noise where the way runs lowest.
fn mist_depth(from_p: vec3f, d: vec3f, length_m: f32) -> f32 {
    let far = min(length_m, 400.0);
    let end_y = from_p.y + d.y * far;
    let thick = 5.0;
    let y0 = max(from_p.y - frame.air.y, 0.0) / thick;
    let y1 = max(end_y - frame.air.y, 0.0) / thick;
    let climb = y1 - y0;
    let average = select((exp(-y0) - exp(-y1)) / climb, exp(-y0), abs(climb) < 1e-3);
    let end = from_p + d * (far * 0.8);
    let at = (end.xz - frame.wind.xz * frame.camera.w * 0.6) * vec2f(0.018, 0.032);
    let bank = smoothstep(0.28, 0.75, 0.65 * noise2(at) + 0.35 * noise2(at * 2.7 + 3.0));
    return frame.air.w * 0.035 * average * far * (0.25 + 1.3 * bank);
}

// Light that air sends towards the camera from a direction.
fn air_light(d: vec3f) -> vec3f {
    let toward = clamp(dot(d, normalize(vec3f(sky.disc.x, max(sky.disc.y, 0.0), sky.disc.z))), 0.0, 1.0);
    let g = 0.35 * pow(toward, 3.0) + 0.65 * pow(toward, 14.0);
    return frame.air_colour.rgb + frame.air_glow.rgb * g + lightning_light() * 0.25;
}

fn water_between(c: vec3f, p_world: vec3f, d: vec3f, length_m: f32) -> vec3f {
    let passes = exp(-WATER_EXTINCTION * length_m * (frame.air.x * 10.0));
    let clear = 1.0 - passes;
    return c * passes + (sky_radiance(d) + shafts(d, length_m)) * clear;
}

// Light of the surface that falls in shafts through the water before the camera.
fn shafts(d: vec3f, length_m: f32) -> vec3f {
    let slant = frame.sun.xz / max(frame.sun.y, 0.3);
    var sum = 0.0;
    for (var i = 0; i < 3; i++) {
        let reach = 2.5 + 3.4 * f32(i);
        let p = frame.camera.xyz + d * min(reach, length_m);
        let q = (p.xz - slant * p.y) * 0.55;
        let t = frame.camera.w * 0.16;
        let beam = noise2(q + vec2f(t, -t * 0.6)) * 0.6 + noise2(q * 2.3 + vec2f(-t * 1.4, t) + 5.0) * 0.4;
        sum += smoothstep(0.50, 0.80, beam) * exp(-0.16 * reach);
    }
    return sky.glow.rgb * (sum * 0.85 * smoothstep(-0.65, 0.55, d.y));
}
