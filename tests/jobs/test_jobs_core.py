"""What can be asked of the desk: films from wishes, edits as children, limits, lists, characters, and nobody else's things."""

from __future__ import annotations

import asyncio
import io
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from jobs_by_hand import House, wish

from vitascope.director import direct
from vitascope.director.editing import Conversation, NotUnderstood, Question
from vitascope.film import Film, Retime, Size
from vitascope.jobs.audit import Audit, request_id
from vitascope.jobs.editing import Changed, extend
from vitascope.jobs.engines import Engines, Remote
from vitascope.jobs.errors import Conflict, Forbidden, Invalid, JobError, Missing, TooBusy
from vitascope.jobs.executor import DrawChunk, FetchRemote, FinishFilm
from vitascope.jobs.values import Caller, Role, State, Video, Wish
from vitascope.recipe import catalogue


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    made.close()


# Wishes


def test_a_wish_becomes_a_film_in_the_queue(house: House):
    """What was left open is chosen and told; the forecast is there from the start."""
    (video,) = house.desk.create(house.caller(), wish(seed=7, style="anime"))

    assert video.state is State.QUEUED
    assert (video.seconds, video.size, video.fps, video.seed) == (1, Size(width=128, height=128), 24, 7)
    assert (video.engine, video.model, video.style, video.audio) == ("world", "sora-2", "anime", False)
    assert {phrase.text for phrase in video.reading.phrases} >= {"red", "ball"}
    assert video.forecast_seconds is not None
    assert video.frames == 24


def test_variants_have_consecutive_seeds(house: House):
    """Four films of one wish, each with its own document."""
    caller = house.caller()

    videos = house.desk.create(caller, wish(n=4, seed=10))

    assert [video.seed for video in videos] == [10, 11, 12, 13]
    assert [house.desk.document(caller, video.id).seed for video in videos] == [10, 11, 12, 13]
    assert {video.variants for video in videos} == {4}


def test_what_is_not_wanted_is_read_with_the_prompt(house: House):
    """What the director cannot leave out is said; the prompt stays as it was."""
    caller = house.caller()

    (video,) = house.desk.create(caller, wish(prompt="A street with a cat", negative_prompt="people, blurry hands"))

    film = house.desk.document(caller, video.id)
    assert film.prompt == video.prompt == "A street with a cat"
    assert video.negative_prompt == "people, blurry hands"
    assert all(phrase.end <= len(film.prompt) for phrase in film.reading.phrases)
    assert film.reading.remarks == ("Not used from what is not wanted: “no blurry hands”.",)
    assert all(subject.recipe != "person" for subject in film.shots[0].subjects)


@pytest.mark.parametrize(
    ("settings", "param"),
    [
        ({"prompt": "  "}, "prompt"),
        ({"seconds": Fraction(121)}, "seconds"),
        ({"style": "cubist"}, "style"),
        ({"fps": Fraction(12)}, "fps"),
        ({"seed": -1}, "seed"),
        ({"n": 0}, "n"),
        ({"n": 17}, "n"),
        ({"priority": 11}, "priority"),
        ({"model": "dall-e"}, "model"),
        ({"picture": "pictures/one.png"}, "input_reference"),
        ({"characters": ("char_nobody",)}, "character_id"),
    ],
)
def test_what_cannot_be_made_is_refused_with_the_field(house: House, settings: dict, param: str):
    """One sentence, and nothing is queued."""
    caller = house.caller()

    with pytest.raises(JobError) as refused:
        house.desk.create(caller, wish(**settings))

    assert refused.value.param == param
    assert refused.value.status in (400, 403, 404)
    assert house.desk.videos(caller).items == ()


def test_an_unknown_model_names_those_that_there_are(house: House):
    """Aliases too."""
    with pytest.raises(Invalid, match=r"world.*sora-2"):
        house.desk.create(house.caller(), wish(model="kling"))


def test_a_setting_that_only_others_know_is_refused_by_name(house: House):
    """Our own engine says so, whichever door the wish came through; its own setting has its own values."""
    caller = house.caller()

    with pytest.raises(Invalid, match="no setting 'guidance_scale'; leave it out") as refused:
        house.desk.create(caller, wish(extra={"guidance_scale": 4.5}))
    with pytest.raises(Invalid, match="nearest or stylised") as wrong:
        house.desk.create(caller, wish(extra={"impossible": "soon"}))

    assert (refused.value.code, refused.value.param) == ("unsupported_parameter", "guidance_scale")
    assert wrong.value.param == "impossible"
    assert len(house.desk.create(caller, wish(extra={"impossible": "stylised"}))) == 1


def test_the_same_key_gives_the_same_films(house: House):
    """Even twice at once; another request under the key is refused."""
    caller = house.caller()
    first = house.desk.create(caller, wish(n=2, idempotency_key="abc"))

    again = house.desk.create(caller, wish(n=2, idempotency_key="abc"))
    with pytest.raises(Conflict) as refused:
        house.desk.create(caller, wish(n=3, idempotency_key="abc"))

    assert [video.id for video in again] == [video.id for video in first]
    assert refused.value.code == "idempotency_error"
    other = house.desk.create(house.caller("other"), wish(n=2, idempotency_key="abc"))
    assert other[0].id != first[0].id


def test_the_same_key_at_the_same_moment_gives_the_same_films(database_url: str, tmp_path: Path):
    """Eight callers at once, and one film."""
    house = House(tmp_path, url=database_url)
    caller, found = house.caller(), []

    def ask() -> None:
        found.append(house.desk.create(caller, wish(idempotency_key="abc"))[0].id)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 8
    assert len(set(found)) == len(house.desk.videos(caller).items) == 1
    house.close()


def test_a_full_queue_says_when_to_come_back(tmp_path: Path):
    """One limit is the tier's, the other the server's."""
    house = House(tmp_path, queue_most=22)
    free = house.caller("free", tier="free")
    for _ in range(20):
        house.desk.create(free, wish())

    with pytest.raises(TooBusy) as of_tier:
        house.desk.create(free, wish())
    with pytest.raises(TooBusy) as of_server:
        house.desk.create(house.caller("rich"), wish(n=3))

    forecast = house.desk.videos(free, limit=1).items[0].forecast_seconds
    assert forecast is not None
    assert of_tier.value.retry_after == pytest.approx(forecast / house.hands.capacity)
    assert of_server.value.code == "queue_full"
    assert of_server.value.retry_after is not None
    house.close()


def test_a_tier_bounds_size_and_length(house: House):
    """Of edits too."""
    caller = house.caller(tier="free")
    video = house.made(caller, seconds=10)

    with pytest.raises(Forbidden, match="1280x720"):
        house.desk.create(caller, wish(size=Size(width=1920, height=1080)))
    with pytest.raises(Forbidden, match="20"):
        house.desk.edit(caller, video.id, "", operation="extend", seconds=Fraction(12))


def test_a_viewer_looks_and_does_not_touch(house: House):
    """Whatever would change something is forbidden."""
    owner = house.caller()
    viewer = replace(owner, role=Role.VIEWER)
    video = house.made(owner)

    assert house.desk.video(viewer, video.id).id == video.id
    for act in (
        lambda: house.desk.create(viewer, wish()),
        lambda: house.desk.edit(viewer, video.id, "make the ball blue"),
        lambda: house.desk.cancel(viewer, video.id),
        lambda: house.desk.delete(viewer, video.id),
        lambda: house.desk.create_character(viewer, "Bo", video.id),
    ):
        with pytest.raises(Forbidden):
            act()


# Edits


def edited(house: House, caller: Caller, video: str, words: str, **settings) -> Video:
    made = house.desk.edit(caller, video, words, **settings)
    assert isinstance(made, Video)
    house.make_all()
    return house.desk.video(caller, made.id)


def test_an_edit_is_a_child_that_is_made_from_its_parent(house: House):
    """The workers get both documents and the file of the parent."""
    caller = house.caller()
    parent = house.made(caller)

    child = house.desk.edit(caller, parent.id, "make the ball blue")
    assert isinstance(child, Video)
    house.turn()
    (task,) = house.tasks(DrawChunk)
    assert task.earlier is not None
    house.hands.do(task, house.storage)
    house.turn()

    (finish,) = house.tasks(FinishFilm)
    assert finish.parent is not None
    assert house.storage.exists(finish.parent)
    assert (child.parent, child.operation, child.said) == (parent.id, "edit", "The ball is blue now.")
    assert house.desk.document(caller, child.id).shots[0].subjects[0].attributes.colour == "blue"


def test_words_that_go_back_give_that_film(house: House):
    """undo, the first one, and again forward to where the tree grew last; nothing is made."""
    caller = house.caller()
    first = house.made(caller)
    blue = edited(house, caller, first.id, "make the ball blue")
    big = edited(house, caller, blue.id, "make the ball bigger")

    def back(at: Video, words: str) -> str:
        found = house.desk.edit(caller, at.id, words)
        assert isinstance(found, Video)
        return found.id

    assert back(big, "undo") == blue.id
    assert back(big, "back to the first version") == first.id
    assert back(blue, "redo") == big.id
    assert [video.id for video in house.desk.takes(caller, blue.id)] == [first.id, blue.id, big.id]


def test_what_is_so_already_gives_a_child_that_reuses_everything(house: House):
    """Programs that remix always get a film; the sentence says why it is the same."""
    caller = house.caller()
    blue = edited(house, caller, house.made(caller).id, "make the ball blue")

    same = edited(house, caller, blue.id, "make the ball blue", operation="remix")

    assert house.desk.document(caller, same.id) == house.desk.document(caller, blue.id)
    assert same.said == "The ball is blue already."
    assert same.operation == "remix"


def test_a_question_is_given_back_and_answered_by_a_choice(house: House):
    """Nothing is queued until one is chosen."""
    caller = house.caller()
    film = house.made(caller, prompt="A red ball and a green ball on a plain backdrop")

    question = house.desk.edit(caller, film.id, "make the ball blue")
    assert isinstance(question, Question)
    assert len(house.desk.videos(caller).items) == 1

    chosen = house.desk.edit(caller, film.id, "make the ball blue", choice=2)
    assert isinstance(chosen, Video)
    with pytest.raises(Invalid, match="no choice 9"):
        house.desk.edit(caller, film.id, "make the ball blue", choice=9)


def test_what_is_not_understood_changes_nothing(house: House):
    """The words are named."""
    caller = house.caller()
    film = house.made(caller)

    reply = house.desk.edit(caller, film.id, "frobnicate the ball")

    assert isinstance(reply, NotUnderstood)
    assert "frobnicate" in reply.text


def test_a_film_is_extended_at_its_end(house: House):
    """By typed seconds, as “continue for 4 more seconds” does; words hold for the new part."""
    caller = house.caller()
    film = house.made(caller)

    typed = edited(house, caller, film.id, "", operation="extend", seconds=Fraction(4))
    said = edited(house, caller, film.id, "continue for 4 more seconds", operation="extend")
    raining = edited(house, caller, film.id, "make it rain", operation="extend", seconds=Fraction(4))

    assert house.desk.document(caller, typed.id).shots == house.desk.document(caller, said.id).shots
    assert (typed.seconds, raining.seconds) == (5, 5)
    (passage,) = house.desk.document(caller, raining.id).shots[0].passages
    assert (passage.span.start, passage.span.end) == (1, 5)
    with pytest.raises(Invalid, match="120"):
        house.desk.edit(caller, film.id, "", operation="extend", seconds=Fraction(120))


@pytest.mark.parametrize("words", ["continue", "Continue the scene.", "continue for 4 more seconds", "the ball stays"])
def test_what_an_extension_does_anyway_is_not_called_unused(words: str):
    """Words that say no more than that the film goes on are understood, and add no operation to going on."""
    film = direct("a woman walks along a beach, a red ball lies on the sand", catalogue=catalogue())

    found = extend(words, Conversation(film=film, take="take"), Fraction(4))

    assert isinstance(found, Changed)
    assert [type(one) for one in found.edit.operations] == [Retime]
    assert not found.reading.remarks


def test_a_film_that_is_not_completed_cannot_be_edited(house: House):
    """The sentence says how far it is."""
    caller = house.caller()
    (video,) = house.desk.create(caller, wish())

    with pytest.raises(Conflict, match="queued"):
        house.desk.edit(caller, video.id, "make the ball blue")
    with pytest.raises(Conflict, match="queued"):
        house.desk.content(caller, video.id)


def test_reading_queues_nothing(house: House):
    """Words alone are read as a new film."""
    caller = house.caller()

    film = house.desk.read(caller, None, "A red ball on a plain backdrop")

    assert isinstance(film, Film)
    assert house.desk.queue_depth() == 0


# Looking


def test_lists_go_page_by_page_in_both_directions(house: House):
    """Each film once, though all were made in the same second."""
    caller = house.caller()
    ids = [house.desk.create(caller, wish())[0].id for _ in range(5)]

    def pages(ascending: bool) -> list[str]:
        found, after, more = [], None, True
        while more:
            page = house.desk.videos(caller, after=after, limit=2, ascending=ascending)
            found += [video.id for video in page.items]
            after, more = found[-1], page.has_more
        return found

    assert pages(ascending=True) == ids
    assert pages(ascending=False) == ids[::-1]
    with pytest.raises(Missing):
        house.desk.videos(caller, after="video_unknown")
    with pytest.raises(Invalid):
        house.desk.videos(caller, limit=0)


def asked_with(desk) -> dict[str, Callable[[Caller, str], object]]:
    """Everything that takes the id of a film or a character."""

    async def first(caller: Caller, video: str) -> Video:
        return await anext(desk.changes(caller, video))

    return {
        "video": desk.video,
        "edit": lambda caller, video: desk.edit(caller, video, "make the ball blue"),
        "extend": lambda caller, video: desk.edit(caller, video, "", operation="extend", seconds=Fraction(4)),
        "read": lambda caller, video: desk.read(caller, video, "make the ball blue"),
        "takes": desk.takes,
        "document": desk.document,
        "cancel": desk.cancel,
        "delete": desk.delete,
        "content": desk.content,
        "after": lambda caller, video: desk.videos(caller, after=video),
        "changes": lambda caller, video: asyncio.run(first(caller, video)),
        "character of": lambda caller, video: desk.create_character(caller, "Bo", video),
        "character": desk.character,
        "delete_character": desk.delete_character,
        "part": lambda caller, character: desk.create(caller, wish(characters=(character,))),
    }


def test_what_belongs_to_others_is_not_there(house: House):
    """Whatever is asked with an id of another workspace, and whatever is remembered of it, the answer is Missing."""
    owner, stranger = house.caller("owner"), house.caller("stranger")
    video = house.made(owner)
    character = house.desk.create_character(owner, "Bo", video.id)

    for name, ask in asked_with(house.desk).items():
        with pytest.raises(Missing) as unknown:
            ask(stranger, "video_" + "a" * 26)
        given = character.id if name in ("character", "delete_character", "part") else video.id
        with pytest.raises(Missing) as foreign:
            ask(stranger, given)
        assert foreign.value.message.replace(given, "") == unknown.value.message.replace("video_" + "a" * 26, ""), name

    assert house.desk.videos(stranger).items == ()
    assert house.desk.characters(stranger) == []
    assert house.desk.video(owner, video.id).state is State.COMPLETED


def test_changes_are_told_as_they_happen(house: House):
    """From the first look to the end, woken by the dispatcher and not by looking again and again."""
    caller = house.caller()
    (video,) = house.desk.create(caller, wish())

    async def watch() -> list[State]:
        seen = []
        async for now in house.desk.changes(caller, video.id):
            seen.append(now.state)
            await asyncio.to_thread(advance)
        return seen

    def advance() -> None:
        house.turn()
        if house.hands.tasks:
            house.hands.do(next(iter(house.hands.tasks.values())), house.storage)
        house.turn()

    seen = asyncio.run(watch())

    assert seen[0] is State.QUEUED
    assert seen[-1] is State.COMPLETED
    assert list(dict.fromkeys(seen)) == sorted(set(seen), key=list(State).index)


def test_changes_end_after_their_time(house: House):
    """Nothing happens, so there is one value."""
    caller = house.caller()
    (video,) = house.desk.create(caller, wish())

    async def watch() -> int:
        return len([now async for now in house.desk.changes(caller, video.id, timeout=0.01)])

    assert asyncio.run(watch()) == 1


def test_polling_does_not_ask_the_database(house: House):
    """A film that was asked for once is answered from memory, changes included."""
    caller = house.caller()
    (video,) = house.desk.create(caller, wish())
    asked = []
    sessions = house.database.session
    house.database.session = lambda: asked.append(1) or sessions()  # type: ignore[method-assign]

    for _ in range(100):
        house.desk.video(caller, video.id)

    assert asked == []


def test_a_deleted_film_leaves_no_file_and_keeps_its_children(house: House):
    """A child can still be seen and edited."""
    caller = house.caller()
    parent = house.made(caller)
    child = edited(house, caller, parent.id, "make the ball blue")

    house.desk.delete(caller, parent.id)

    with pytest.raises(Missing):
        house.desk.video(caller, parent.id)
    assert not list((Path(str(house.folder)) / "files" / "videos" / parent.id).rglob("*.mp4"))
    assert edited(house, caller, child.id, "make the ball bigger").state is State.COMPLETED


def test_each_file_of_a_film_has_its_kind_and_digest(house: House):
    """Whole or in parts."""
    caller = house.caller()
    video = house.made(caller)

    for variant, media_type in (("video", "video/mp4"), ("thumbnail", "image/webp"), ("spritesheet", "image/jpeg")):
        content = house.desk.content(caller, video.id, variant)  # type: ignore[arg-type]
        assert content.media_type == media_type
        assert len(content.sha256) == 64
        with content.open(2, 3) as part:
            assert part.read() == f"film of {video.id}".encode()[2:5]


def test_every_deed_is_in_the_audit_log_once(house: House):
    """With who did it and in which request; what was refused, or changed nothing, is not."""
    caller, looker = house.caller(), house.caller(role=Role.VIEWER)
    request_id.set("req_1")
    (video,) = house.desk.create(caller, wish(idempotency_key="same"))
    house.desk.create(caller, wish(idempotency_key="same"))
    house.make_all()
    child = house.desk.edit(caller, video.id, "make the ball blue")
    longer = house.desk.edit(caller, video.id, "continue", operation="extend", seconds=Fraction(1))
    assert isinstance(child, Video)
    assert isinstance(longer, Video)
    house.desk.cancel(caller, child.id)
    house.desk.cancel(caller, child.id)
    character = house.desk.create_character(caller, "Bouncy", video.id)
    house.desk.delete_character(caller, character.id)
    house.desk.delete(caller, video.id)
    request_id.set(None)
    with pytest.raises(Forbidden):
        house.desk.create(looker, wish())
    with pytest.raises(Missing):
        house.desk.delete(caller, video.id)

    lines = Audit(house.database).entries()[::-1]
    assert [(line.action, line.object) for line in lines] == [
        ("video.create", video.id),
        ("video.edit", child.id),
        ("video.extend", longer.id),
        ("video.cancel", child.id),
        ("character.create", character.id),
        ("character.delete", character.id),
        ("video.delete", video.id),
    ]
    assert {(line.account, line.workspace, line.request) for line in lines} == {
        (caller.account, caller.workspace, "req_1")
    }


# Characters


def test_a_character_takes_the_part_that_the_prompt_gives_it(house: House):
    """It looks as it did in the film that it comes from, and is called by its name."""
    caller = house.caller()
    source = house.made(caller, prompt="A blue ball on a plain backdrop")
    character = house.desk.create_character(caller, "Bouncy", source.id)

    (video,) = house.desk.create(caller, wish(prompt="Bouncy lies on a beach", characters=(character.id,)))

    film = house.desk.document(caller, video.id)
    played = next(one for one in film.shots[0].subjects if one.name == "Bouncy")
    assert (played.recipe, played.attributes.colour) == ("ball", "blue")
    first = film.reading.phrases[0]
    assert (first.text, film.prompt[first.start : first.end]) == ("Bouncy", "Bouncy")
    with pytest.raises(Invalid, match="does not name"):
        house.desk.create(caller, wish(prompt="A beach", characters=(character.id,)))


def test_a_character_comes_from_a_downloaded_film_too(house: House):
    """Known by its bytes; other footage is kept and cannot be filmed by our engine."""
    caller = house.caller()
    source = house.made(caller, prompt="A blue ball on a plain backdrop")
    with house.desk.content(caller, source.id).open() as file:
        ours = house.desk.create_character(caller, "Bouncy", io.BytesIO(file.read()))
    other = house.desk.create_character(caller, "Rex", io.BytesIO(b"some footage"))

    assert house.desk.create(caller, wish(prompt="Bouncy rolls", characters=(ours.id,)))
    with pytest.raises(Invalid, match="footage"):
        house.desk.create(caller, wish(prompt="Rex rolls", characters=(other.id,)))
    assert [one.name for one in house.desk.characters(caller)] == ["Bouncy", "Rex"]

    house.desk.delete_character(caller, other.id)
    assert [one.name for one in house.desk.characters(caller)] == ["Bouncy"]


# Engines


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[House]:
    made = House(
        tmp_path, engines=Engines([Remote(name="wan", url="http://127.0.0.1:9/v1", key="secret", model="wan2.2")])
    )
    yield made
    made.close()


def test_a_picture_goes_to_an_engine_that_takes_one(elsewhere: House):
    """An alias means the best engine that can; our own names it."""
    caller = elsewhere.caller()

    (video,) = elsewhere.desk.create(caller, wish(picture="pictures/a.png"))
    with pytest.raises(Invalid, match="remote:wan"):
        elsewhere.desk.create(caller, wish(model="world", picture="pictures/a.png"))

    assert (video.engine, video.model) == ("remote:wan", "sora-2")
    elsewhere.turn()
    (task,) = elsewhere.tasks(FetchRemote)
    assert (task.url, task.key, task.picture) == ("http://127.0.0.1:9/v1", "secret", "pictures/a.png")


def test_a_film_from_elsewhere_is_asked_for_in_the_common_words(elsewhere: House):
    """Only what was wished for is sent on; the film cannot be edited, and the sentence says why."""
    caller = elsewhere.caller()
    (video,) = elsewhere.desk.create(
        caller, Wish(prompt="A wave", model="wan", seconds=Fraction(5), seed=3, extra={"guidance_scale": 4.5})
    )
    elsewhere.turn()
    (task,) = elsewhere.tasks(FetchRemote)

    assert dict(task.body) == {
        "prompt": "A wave", "model": "wan2.2", "seconds": "5", "size": "1280x720", "seed": 3, "guidance_scale": 4.5,
    }  # fmt: skip
    elsewhere.make_all()
    assert elsewhere.desk.video(caller, video.id).state is State.COMPLETED
    with pytest.raises(Conflict, match="remote:wan"):
        elsewhere.desk.edit(caller, video.id, "make it blue")


def test_the_engines_are_told_the_default_first(elsewhere: House):
    """Ours edits, others take pictures."""
    ours, other = elsewhere.desk.engines()

    assert (ours.name, ours.edits, ours.takes_pictures) == ("world", True, False)
    assert (other.name, other.edits, other.takes_pictures) == ("remote:wan", False, True)
