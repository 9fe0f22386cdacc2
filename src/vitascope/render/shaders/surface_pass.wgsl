// One class of materials over the pixels that have it: from the geometry buffer to the material buffer.
#include "frame.wgsl"
#include "stage.wgsl"
#include "sky.wgsl"
#include "point.wgsl"
#include "geometry_buffer.wgsl"
#include "lit_surface.wgsl"
#include "material.wgsl"

@fragment fn surface_fragment(@builtin(position) at: vec4f) -> @location(0) vec4u {
    let point = point_at(at.xy);
    return pack_lit(material_at(point, normalize(frame.camera.xyz - point.world)));
}
