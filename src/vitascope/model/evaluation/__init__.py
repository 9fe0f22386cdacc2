"""How good a model is: a judge of its own, trained on renders, asks what clips show of captions that nobody was trained on."""
