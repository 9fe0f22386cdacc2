"""Weights from clips: the autoencoder, then latents once for all, then the transformer with its text encoder.

A run is a folder. It can be stopped at any time and goes on where it was, to the same weights as if it had not been stopped.
"""
