"""Recipes: data files that describe things, places and verbs, with their schema and the library that ships."""

from vitascope.recipe.catalogue import Catalogue, RecipeError, catalogue, colour_linear, read_yaml
from vitascope.recipe.schema import Medium, PlaceRecipe, Recipe, RecipeKind, VerbRecipe

__all__ = [
    "Catalogue", "Medium", "PlaceRecipe", "Recipe", "RecipeError", "RecipeKind", "VerbRecipe", "catalogue",
    "colour_linear", "read_yaml",
]  # fmt: skip
