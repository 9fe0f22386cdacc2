// Numbers of the finishing, see tone.py.
struct Grade {
    gain: vec4f,     // w saturation
    lift: vec4f,     // w contrast
    tone: vec4f,     // w mono
    more: vec4f,     // fade, grain, vignette
}
