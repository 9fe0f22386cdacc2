"""Files by key, in a folder or in a bucket, through fsspec. Keys are ours ("videos/<id>/film.mp4"), never a user's text."""
