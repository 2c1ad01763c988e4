"""Sessions that share the VAD's batches and a vendor's client hear what each hears alone
(bench/crowd.py has the long version)."""

from bench.crowd import crowd

NAMES = ("question_01.wav", "question_02.wav", "question_04.wav")


async def test_what_is_heard_in_a_crowd_is_what_is_heard_alone():
    assert await crowd(NAMES, at_a_time=8, joins=16, seed=1) == []
