"""Recipes: data files that describe things, places and verbs, with their schema and the library that ships."""

from vitascope.recipe.catalogue import Catalogue, RecipeError, catalogue, colour_linear, read_yaml
from vitascope.recipe.own import OwnRecipes, extended, library_with, recipe_of, store_recipe, with_own
from vitascope.recipe.schema import Driver, Medium, PlaceRecipe, Recipe, RecipeKind, VerbRecipe

__all__ = [
    "Catalogue", "Driver", "Medium", "OwnRecipes", "PlaceRecipe", "Recipe", "RecipeError", "RecipeKind", "VerbRecipe",
    "catalogue", "colour_linear", "extended", "library_with", "read_yaml", "recipe_of", "store_recipe", "with_own",
]  # fmt: skip
