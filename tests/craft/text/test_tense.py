from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miaobi.craft.text.tense import shift_tense
from miaobi.craft.text.verb import bases_of, verbs

PAIRS = [
    ("She walks to the door and opens it.", "She walked to the door and opened it."),
    ("He does not go.", "He did not go."),
    ("They don't know.", "They didn't know."),
    ("The old man sits by the fire.", "The old man sat by the fire."),
    ("The children walk home and sing.", "The children walked home and sang."),
    ("Anna and Tom walk along the harbour.", "Anna and Tom walked along the harbour."),
    ("“I walk every day,” she says.", "“I walk every day,” she said."),
    ("“Come in,” says Anna, and closes the door.", "“Come in,” said Anna, and closed the door."),
    ("She has gone home.", "She had gone home."),
    ("She is walking along the wall.", "She was walking along the wall."),
    ("It is cold, and the windows are shut.", "It was cold, and the windows were shut."),
    ("She can't see the boat that lies in the harbour.", "She couldn't see the boat that lay in the harbour."),
    ("He will come when he is ready.", "He would come when he was ready."),
    ("She wants to go home.", "She wanted to go home."),
    ("The man who lives here keeps bees.", "The man who lived here kept bees."),
    ("Does she know?", "Did she know?"),
    ("Where do they go?", "Where did they go?"),
    ("There is a lamp in the corner.", "There was a lamp in the corner."),
    ("In the corner stands a lamp.", "In the corner stood a lamp."),
    ("The walks of the park are wet.", "The walks of the park were wet."),
    ("He takes his coat and leaves.", "He took his coat and left."),
    ("I am tired.", "I was tired."),
    ("I walk to the door and open it.", "I walked to the door and opened it."),
    ("We put the box down.", "We put the box down."),
    ("She puts the box down.", "She put the box down."),
    ("The wind rises and the rain falls.", "The wind rose and the rain fell."),
    ("She never speaks of it.", "She never spoke of it."),
    ("The painted door stands open.", "The painted door stood open."),
    ("She thinks the door is locked.", "She thought the door was locked."),
    ("He says he knows her.", "He said he knew her."),
    ("The letters that lie on the table are hers.", "The letters that lay on the table were hers."),
    ("She turns, smiles, and leaves the room.", "She turned, smiled, and left the room."),
    ("She’s gone.", "She’d gone."),
    ("Her hands shake.", "Her hands shook."),
    ("His eyes follow the light.", "His eyes followed the light."),
    ("The light of the lamps fades.", "The light of the lamps faded."),
    ("Nobody answers.", "Nobody answered."),
    ("She makes him laugh.", "She made him laugh."),
    ("She hears the men talk.", "She heard the men talk."),
    ("He begins to run.", "He began to run."),
    ("They have lost everything.", "They had lost everything."),
    ("Down comes the rain.", "Down came the rain."),
    ("The house is old, and its windows look at the sea.", "The house was old, and its windows looked at the sea."),
    ("Slowly she opens her hand.", "Slowly she opened her hand."),
    (
        "Every morning Sigrid trims the wick and wipes the glass.",
        "Every morning Sigrid trimmed the wick and wiped the glass.",
    ),
    ("Then the door opens and a boy runs in.", "Then the door opened and a boy ran in."),
    ("She isn't afraid.", "She wasn't afraid."),
    ("They aren't here.", "They weren't here."),
    ("He doesn't answer and she doesn't ask.", "He didn't answer and she didn't ask."),
    ("You know what he means.", "You knew what he meant."),
    ("The man dressed in black walks in.", "The man dressed in black walked in."),
    ("He has to leave.", "He had to leave."),
    ("Her father reads the paper while she cooks.", "Her father read the paper while she cooked."),
    ("She looks at the sea, and the sea looks back.", "She looked at the sea, and the sea looked back."),
    ("What she sees is a ship.", "What she saw was a ship."),
    ("He can hear her breathe.", "He could hear her breathe."),
    ("Mr. Grey closes the shop and goes home.", "Mr. Grey closed the shop and went home."),
    ("The boy sees a dog, picks up a stone, and throws it.", "The boy saw a dog, picked up a stone, and threw it."),
    (
        "At night the streets are empty and the shops stay closed.",
        "At night the streets were empty and the shops stayed closed.",
    ),
    ("Tom's dog barks.", "Tom's dog barked."),
    ("The captain's orders are clear.", "The captain's orders were clear."),
    ("Neither of them moves.", "Neither of them moved."),
    ("One of the men laughs.", "One of the men laughed."),
    ("My mother and my father are asleep.", "My mother and my father were asleep."),
    ("When the bell rings, the children run out.", "When the bell rang, the children ran out."),
    ("He cannot move.", "He could not move."),
    ("He knows the man she loves.", "He knew the man she loved."),
    ("The bells of the church ring and the birds fly up.", "The bells of the church rang and the birds flew up."),
    ("She lets him go.", "She let him go."),
    ("He reads the letter twice and folds it.", "He read the letter twice and folded it."),
    ("As she climbs the stairs, she hears a voice.", "As she climbed the stairs, she heard a voice."),
    ("He looks as if he were ill.", "He looked as if he were ill."),
    ("She has been waiting for hours.", "She had been waiting for hours."),
    ("The door is opened by a boy.", "The door was opened by a boy."),
    ("They want to sit and talk.", "They wanted to sit and talk."),
    ("I sit and watch.", "I sat and watched."),
    ("The girls' voices carry over the water.", "The girls' voices carried over the water."),
    ("“Wait,” he says, “I am coming.” She waits.", "“Wait,” he said, “I am coming.” She waited."),
    ("She stands up, tired of it all, and shuts the window.", "She stood up, tired of it all, and shut the window."),
    ("His coat smells of smoke; his hands are black.", "His coat smelled of smoke; his hands were black."),
    ("Nothing moves in the street.", "Nothing moved in the street."),
    (
        "There are three men at the gate, and one of them waves.",
        "There were three men at the gate, and one of them waved.",
    ),
    ("Who is it?", "Who was it?"),
    ("Why does the man with the hat look at us?", "Why did the man with the hat look at us?"),
    ("She doesn’t know why.", "She didn’t know why."),
    ("It rains.", "It rained."),
    ("He thinks of home and feels nothing.", "He thought of home and felt nothing."),
    ("All the lights go out.", "All the lights went out."),
    ("Both of them know it.", "Both of them knew it."),
    ("The people in the square cheer.", "The people in the square cheered."),
    ("James watches them.", "James watched them."),
    ("She keeps the letters he sends her.", "She kept the letters he sent her."),
    ("The old clock on the wall strikes nine.", "The old clock on the wall struck nine."),
    ("He drinks his tea, and she drinks hers.", "He drank his tea, and she drank hers."),
    ("Her mother used to sing.", "Her mother used to sing."),
    ("He gives her a rose and a saw.", "He gave her a rose and a saw."),
    ("On the left stands a church.", "On the left stood a church."),
    ("Behind the house runs a stream.", "Behind the house ran a stream."),
    ("The boat drifts, turns slowly, and sinks.", "The boat drifted, turned slowly, and sank."),
    ("He asks what she wants.", "He asked what she wanted."),
    ("She says nothing and he leaves.", "She said nothing and he left."),
    ("It seems that nobody cares.", "It seemed that nobody cared."),
    ("He’ll be here soon.", "He’d be here soon."),
    ("A boy and a girl come in.", "A boy and a girl came in."),
    ("The news is bad.", "The news was bad."),
    ("That morning the post comes late.", "That morning the post came late."),
    ("Half of the men are drunk.", "Half of the men were drunk."),
    ("The hands of the clock move.", "The hands of the clock moved."),
    (
        "Without a word he takes the lamp and climbs the stairs to the room where his father sleeps.",
        "Without a word he took the lamp and climbed the stairs to the room where his father slept.",
    ),
    ("She does the washing.", "She did the washing."),
    ("Not a leaf stirs.", "Not a leaf stirred."),
    ("He looks up and sees the birds wheel over the bay.", "He looked up and saw the birds wheel over the bay."),
]
ONE_WAY = [
    ("It's late, and she's tired.", "It was late, and she was tired."),
    ("I’m late, and they’re angry.", "I was late, and they were angry."),
    ("He lies to her.", "He lied to her."),
    ("She may go.", "She might go."),
]
LEFT = [  # what can't be decided is left and named
    ("He is a man who never lies.", "past", "He was a man who never lies.", "lies"),
    ("She must go.", "past", "She must go.", "must"),
    ("I drop the bag and run.", "past", "I dropped the bag and run.", "run"),
    ("We eat bread and drink water.", "past", "We ate bread and drink water.", "drink"),
    ("The sea is calm today.", "past", "The sea was calm today.", "today"),
    ("If she came, he would leave.", "present", "If she comes, he would leave.", "would"),
    ("She should go.", "present", "She should go.", "should"),
    ("He glorped home.", "present", "He glorped home.", "glorped"),
    (
        "The engine, an old thing painted green, coughed.",
        "present",
        "The engine, an old thing painted green, coughs.",
        "painted",
    ),
]
STAYS = [  # no finite verb there, or none of the narration's
    ("“I walk home and she walks home.”", "past"),
    ("Sitting by the fire, tired and cold.", "present"),
    ("The broken window. A painted door. Walks by the sea.", "past"),
    ("Look at this, and open it.", "past"),
    ("She found him dead, and that was that.", "past"),
    ("", "past"),
]


@pytest.mark.parametrize(("present", "past"), PAIRS)
def test_present_becomes_past_and_past_present(present: str, past: str) -> None:
    assert shift_tense(present, "past").text == past
    assert shift_tense(past, "present").text == present


@pytest.mark.parametrize(("present", "past"), ONE_WAY)
def test_present_becomes_past_where_the_way_back_is_another(present: str, past: str) -> None:
    assert shift_tense(present, "past").text == past


@pytest.mark.parametrize(("text", "to", "wanted", "named"), LEFT)
def test_what_cannot_be_decided_is_left_and_named(text: str, to: str, wanted: str, named: str) -> None:
    shift = shift_tense(text, to)  # type: ignore[arg-type]
    assert shift.text == wanted
    assert named in {e.old for e in shift.left}
    assert all(text[e.start : e.end] == e.old for e in (*shift.edits, *shift.left))


@pytest.mark.parametrize(("text", "to"), STAYS)
def test_nothing_else_is_touched(text: str, to: str) -> None:
    assert shift_tense(text, to).text == text  # type: ignore[arg-type]


@pytest.mark.parametrize(("present", "past"), PAIRS)
def test_shifting_to_the_tense_a_text_is_in_changes_nothing(present: str, past: str) -> None:
    assert shift_tense(past, "past").text == past
    assert shift_tense(present, "present").text == present


SHARED = {base for base, f in verbs().items() if len(set(bases_of(f.past, "past"))) > 1 or f.past == base}
CLEAR = sorted(set(verbs()) - SHARED - {"lie", "use", "have", "do"})


@given(
    st.sampled_from(["She", "He", "It", "They", "We", "I", "You", "The old woman", "Her brothers", "Anna and Tom"]),
    st.sampled_from(CLEAR),
    st.sampled_from(["the door", "him", "nothing", "it again", "every one of them"]),
)
def test_every_clear_verb_makes_the_round_trip(subject: str, base: str, rest: str) -> None:
    singular = subject in {"She", "He", "It", "The old woman"}
    forms = verbs()[base]
    present = f"{subject} {forms.third if singular else base} {rest}."
    past = shift_tense(present, "past")
    assert past.text == f"{subject} {forms.past} {rest}."
    assert shift_tense(past.text, "present").text == present


@given(st.text(max_size=200))
def test_any_text_is_taken_and_only_edits_change_it(text: str) -> None:
    for to in ("past", "present"):
        shift = shift_tense(text, to)  # type: ignore[arg-type]
        if not shift.edits:
            assert shift.text == text


PAGES = Path(__file__).parent / "pages"  # our own; each shifted page was read word by word


@pytest.mark.parametrize(
    ("page", "told", "to", "left"),
    [
        ("lighthouse", "past", "present", ["painted", "should"]),
        ("owl", "past", "present", ["might", "might", "plastered", "sat"]),
        ("crossroads", "present", "past", ["must"]),
    ],
)
def test_page_of_prose_is_shifted_as_it_was_read(page: str, told: str, to: str, left: list[str]) -> None:
    text, wanted = ((PAGES / f"{page}.{tense}.txt").read_text("utf-8") for tense in (told, to))
    shift = shift_tense(text, to)  # type: ignore[arg-type]
    assert shift.text == wanted
    assert sorted(e.old for e in shift.left) == left
    if page != "crossroads":  # it has verbs in the past already, which would come back in the present
        assert shift_tense(wanted, told).text == text  # type: ignore[arg-type]
