import asyncio
from itertools import pairwise

from tests.voice.replying.listening import Ear, Metronome, Quick, reply_of
from voice.providers.protocols import OUTPUT_HZ
from voice.replying.playing import SHOWN_EVERY_S, Playing
from voice.replying.reply import Reply
from voice.text.sentences import Unfinished
from voice.turns.events import ReplyOver

SENTENCES = ("It costs $5 now.", "One – two.")


async def spoken(ear: Ear, word_s: float = 0.15) -> list[str]:
    """All captions of a reply that is heard to its end."""
    async with asyncio.timeout(10):
        await Playing(reply_of(ear, Metronome(word_s), *SENTENCES), ear).run()
    return [text for _, text, _ in ear.captions]


async def test_captions_follow_the_ear_word_by_word_and_the_last_one_is_complete():
    ear = Ear()
    captions = await spoken(ear)

    assert captions[0] != captions[-1] == "It costs $5 now. One – two."
    assert all(later.startswith(f"{earlier} ") for earlier, later in pairwise(captions))
    assert all(text == heard for _, text, heard in ear.captions)
    assert isinstance(ear.events[-1], ReplyOver)


async def test_captions_come_no_more_than_four_times_a_second():
    ear = Ear()
    captions = await spoken(ear)
    times = [at for at, _, _ in ear.captions]

    assert len(captions) >= 4  # of eight words in 1.2 s
    assert min(later - earlier for earlier, later in pairwise(times[:-1])) >= SHOWN_EVERY_S


async def test_slow_words_are_shown_when_they_are_heard_and_nothing_in_between():
    ear = Ear()
    captions = await spoken(ear, word_s=0.5)

    assert captions == [
        "It",
        "It costs",
        "It costs $5",
        "It costs $5 now.",
        "It costs $5 now. One",
        "It costs $5 now. One – two.",
    ]


async def cut(ear: Ear, reply: Reply, *, sent_s: float, played_s: float) -> None:
    """Play it until so much was sent, silence it, and be told how much of it was played."""
    playing = asyncio.create_task(Playing(reply, ear).run())
    async with asyncio.timeout(10):
        await ear.until_sent(sent_s)
    playing.cancel()
    await asyncio.wait([playing])
    reply.playhead.report(int(played_s * OUTPUT_HZ), underruns=0, now=ear.now())
    reply.playhead.stopped_at = ear.now()


async def test_what_is_kept_of_a_reply_that_is_cut_is_what_had_been_heard():
    ear = Ear()
    reply = reply_of(ear, Metronome(0.1), *SENTENCES)
    await cut(ear, reply, sent_s=0.5, played_s=0.36)

    assert reply.heard() == "It costs $5"  # of “It costs 5 dollars now”
    assert " ".join(reply.unheard()) == "now. One – two."


async def test_a_sentence_that_is_spoken_while_it_is_written_is_kept_to_the_word():
    ear = Ear()
    pieces = Unfinished("One two three"), Unfinished("four five"), "for $6 each."
    reply = reply_of(ear, Quick(0.1), *pieces, "Seven.")
    await cut(ear, reply, sent_s=0.6, played_s=0.56)

    assert reply.heard() == "One two three four five for"
    assert [*reply.unheard(), *reply.script.unread()] == ["$6 each.", "Seven."]


async def test_its_captions_go_on_when_it_grows():
    ear = Ear()
    pieces = Unfinished("One two three"), "four five $6."
    async with asyncio.timeout(10):
        await Playing(reply_of(ear, Quick(0.3), *pieces), ear).run()

    assert [text for _, text, _ in ear.captions] == [
        "One",
        "One two",
        "One two three",
        "One two three four",
        "One two three four five",
        "One two three four five $6.",
    ]


async def test_signs_are_said_in_the_language_of_the_reply():
    ear, voice = Ear(), Metronome(0.05)
    async with asyncio.timeout(10):
        await Playing(reply_of(ear, voice, "Nur 5 %.", language="de-DE"), ear).run()

    assert voice.said == ["Nur 5 Prozent."]
    assert ear.captions[-1][1] == "Nur 5 %."
