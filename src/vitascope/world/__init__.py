"""From a film to stages: shots made concrete in three dimensions, of which any frame can be drawn alone."""
