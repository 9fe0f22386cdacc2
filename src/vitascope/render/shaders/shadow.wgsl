// Draws the depth of things as the key light sees them.
#include "frame.wgsl"
#include "stage.wgsl"
#include "posing.wgsl"

struct ShadowView { matrix: mat4x4f, sway: vec4f }   // sway: x 0 stills the wind
@group(2) @binding(0) var<uniform> shadow_view: ShadowView;

@vertex fn rigid_shadow(v: RigidVertex, @builtin(instance_index) i: u32) -> @builtin(position) vec4f {
    return shadow_view.matrix * vec4f(posed_rigid(v.position, visible[i], shadow_sway(v.kind)).world, 1.0);
}

fn shadow_sway(kind: vec4u) -> f32 { return f32(kind.z) / 255.0 * shadow_view.sway.x; }

@vertex fn skinned_shadow(v: Vertex, @builtin(instance_index) i: u32) -> @builtin(position) vec4f {
    return shadow_view.matrix * vec4f(posed_skinned(v, visible[i], shadow_sway(v.kind)).world, 1.0);
}
