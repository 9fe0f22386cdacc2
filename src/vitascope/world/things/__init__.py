"""What all made things share: the parts interpreter, paint, rigid motion, lamps and flames, sounds of impact."""
