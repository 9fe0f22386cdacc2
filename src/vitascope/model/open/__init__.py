"""Open weights of the Wan family through the interface of our own: found, checked, loaded, and run as a `Denoiser`."""
