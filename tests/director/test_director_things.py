"""Who is there: names, numbers, colours, materials, clothing, and which things stand together."""

import pytest

THINGS = [
    ("a red ball", [("ball", "colour", "red")]),
    ("a dark green car", [("sedan", "colour", "olive")]),
    ("a wooden box and a glass bottle", [("box", "material", "wood"), ("bottle", "material", "glass")]),
    ("a black and white cat", [("cat", "colour", "black"), ("cat", "second_colour", "white")]),
    ("a tiny striped umbrella", [("umbrella", "scale", 0.4), ("umbrella", "pattern", "striped")]),
    ("an old man", [("man", "age", "old")]),
    ("a happy girl", [("girl", "mood", "happy")]),
    ("a girl with long blonde hair", [("girl", "hair", "long blonde")]),
    ("a metallic spoon-like vase that is red", [("vase", "colour", "red")]),
]


@pytest.mark.parametrize(("prompt", "wanted"), THINGS, ids=[prompt for prompt, _ in THINGS])
def test_adjectives_become_attributes_of_their_noun(draft, prompt, wanted):
    """Each adjective lands on the thing that it stands with."""
    entities = draft(prompt).entities

    for recipe, attribute, value in wanted:
        owner = next(entity for entity in entities if entity.recipe == recipe)
        assert getattr(owner.attributes, attribute) == value


NUMBERS = [
    ("two cats", "cat", 2), ("12 sheep", "sheep", 12), ("a pair of dogs", "dog", 2), ("a dozen apples", "apple", 12),
    ("several birds", "sparrow", 4), ("a group of zebras", "zebra", 5), ("a herd of elephants", "elephant", 12),
    ("a flock of seagulls", "gull", 14), ("a group of three boys", "boy", 3), ("a cat", "cat", 1),
    ("six cups on a table", "cup", 6), ("twenty-one plates", "plate", 21),
]  # fmt: skip


@pytest.mark.parametrize(("prompt", "recipe", "count"), NUMBERS, ids=[row[0] for row in NUMBERS])
def test_numbers_become_that_many_subjects(draft, prompt, recipe, count):
    """A counted noun becomes as many entities, and more than one of them share a group."""
    entities = [entity for entity in draft(prompt).entities if entity.recipe == recipe]

    assert len(entities) == count
    assert len({entity.id for entity in entities}) == count
    assert len({entity.group for entity in entities}) == 1
    assert (entities[0].group is None) == (count == 1)


def test_clothing_is_worn(draft):
    """ "in a yellow raincoat" and "wearing a red hat" dress the girl and put no coat on the scene."""
    result = draft("a girl in a yellow raincoat wearing a red hat")

    assert [entity.recipe for entity in result.entities] == ["girl"]
    worn = {garment.kind: garment.colour for garment in result.entities[0].attributes.clothing}
    assert worn == {"coat": "yellow", "hat": "red"}


def test_professions_dress(draft):
    """A chef is a person in a white coat and hat."""
    clothing = draft("a chef is cooking").entities[0].attributes.clothing

    assert {garment.kind for garment in clothing} == {"coat", "hat"}


def test_the_second_mention_is_the_same_thing(draft):
    """ "the dog", "it" and "its tail" mean the dog that was there."""
    result = draft("A dog runs through a field. The dog stops. It looks at its tail.")

    assert [entity.id for entity in result.entities] == ["dog"]


def test_another_is_another(draft):
    """ "another man" is not the man who was there."""
    result = draft("A man sits on a chair and another man walks")

    assert sum(entity.recipe == "man" for entity in result.entities) == 2


RELATIONS = [
    ("a cat on a sofa", "on", "cat", "sofa"),
    ("a ball under a table", "under", "ball", "table"),
    ("a bottle to the left of a vase", "left_of", "bottle", "vase"),
    ("a clock on the right of a lamp", "right_of", "clock", "lamp"),
    ("a dog next to a chair", "next_to", "dog", "chair"),
    ("an apple in front of a book", "in_front_of", "apple", "book"),
    ("a boy hidden by a box", "behind", "boy", "box"),
    ("a lamp above a table", "above", "lamp", "table"),
    ("a cat is sitting on a chair", "on", "cat", "chair"),
    ("a woman holding an umbrella", "held_by", "umbrella", "woman"),
]


@pytest.mark.parametrize(("prompt", "kind", "one", "other"), RELATIONS, ids=[row[0] for row in RELATIONS])
def test_prepositions_become_relations(draft, prompt, kind, one, other):
    """A spatial phrase between two things is a relation between their entities."""
    assert (kind, one, (other,)) in [(r.kind, r.entity, r.targets) for r in draft(prompt).relations]


def test_a_list_shares_its_place(draft):
    """In "a cup and a plate on a table" both stand on it."""
    result = draft("a cat and a dog sit on a sofa")

    assert {(r.kind, r.entity) for r in result.relations} == {("on", "cat"), ("on", "dog")}


def test_negation_leaves_out(draft):
    """ "no people" puts nobody on the beach, and says so."""
    result = draft("an empty beach with no people")

    assert result.entities == ()
    assert "man" in result.negations


def test_an_owner_is_told_of_and_not_shown(understand):
    """ "a farmer's car" brings a car alone; nothing of the phrase is lost in the reading."""
    result = understand("a farmer's car on a road")

    assert [entity.recipe for entity in result.draft.entities] == ["sedan"]
    assert next((p.text, p.status) for p in result.reading.phrases) == ("farmer", "understood")


def test_an_owner_who_is_there_has_it(draft):
    """A girl who is in the picture holds what is hers if a hand can, and stands near what it cannot."""
    small = draft("A girl walks. The girl's red umbrella is open.")
    large = draft("A dog sleeps in the boy's house. The boy waves.")

    assert ("held_by", "umbrella", ("girl",)) in [(r.kind, r.entity, r.targets) for r in small.relations]
    assert "boy" in [entity.recipe for entity in large.entities]


SHARED = [
    ("a cup and a bottle on a table", {("cup", "on"), ("bottle", "on")}),
    ("a cat and a dog under a table", {("cat", "under"), ("dog", "under")}),
    ("two books and a lamp on a table", {("book-1", "on"), ("book-2", "on"), ("lamp", "on")}),
    ("a cat on a sofa and a dog under a table", {("cat", "on"), ("dog", "under")}),
]  # fmt: skip


@pytest.mark.parametrize(("prompt", "wanted"), SHARED, ids=[row[0] for row in SHARED])
def test_things_named_together_stand_together(draft, prompt, wanted):
    """A place behind "a and b" is the place of both, unless the first has one of its own."""
    assert {(r.entity, r.kind) for r in draft(prompt).relations} == wanted


def test_the_camera_goes_round_them_all(draft):
    """ "around them" means all that the shot is about, "on it" the one; never what they stand on."""
    both = draft("A blue cup and a green bottle on a wooden table, the camera orbits around them").camera
    alone = draft("A cup on a table, the camera zooms in on it").camera

    assert [(move.kind, move.target) for move in both.moves] == [("orbit_right", None)]
    assert [(move.kind, move.target) for move in alone.moves] == [("zoom_in", "cup")]


HELD = [
    ("a man with a guitar", "held_by"), ("a girl holding an umbrella", "held_by"), ("a woman reading a book", "held_by"),
    ("a boy with a dog", "next_to"), ("a man with a bicycle", "next_to"),
]  # fmt: skip


@pytest.mark.parametrize(("prompt", "kind"), HELD, ids=[row[0] for row in HELD])
def test_small_things_are_held_and_large_ones_stand_beside(draft, prompt, kind):
    """ "with" puts a guitar into the hand and a dog at the side."""
    assert [relation.kind for relation in draft(prompt).relations] == [kind]


def test_clothes_that_nobody_wears_are_worn_by_somebody(understand):
    """A dress alone brings a person in it, and the reading says so."""
    result = understand("a red dress")

    assert [g.kind for entity in result.draft.entities for g in entity.attributes.clothing] == ["dress"]
    assert [p.status for p in result.reading.phrases] == ["understood", "substituted"]


STATES = [("a burning house", "burning"), ("a broken vase", "broken"), ("an open book", "open"), ("a lit lamp", "lit"),
          ("a vintage car", "vintage")]  # fmt: skip


@pytest.mark.parametrize(("prompt", "state"), STATES, ids=[row[0] for row in STATES])
def test_conditions_are_states(draft, prompt, state):
    """What a thing has gone through is a state of it."""
    assert draft(prompt).entities[0].attributes.states == (state,)
