"""The model engine: a spacetime-patch diffusion transformer. Only importer of torch and what stands on it.

Nothing here is loaded by this name alone, so that all that needs no tensors (catalogue, forecast) stays quick and works without
the extra; each module is imported where it is used.
"""
