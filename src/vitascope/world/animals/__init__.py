"""Animals: anatomy from parameters, flesh from blobs, coats from colours, and motion that keeps its feet on the ground."""
