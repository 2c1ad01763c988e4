from voice.text.draft import Draft


def test_a_draft_grows_until_it_is_whole_and_tells_those_who_listen():
    draft, seen = Draft("One two"), []
    stop = draft.listen(lambda: seen.append((draft.words, draft.is_whole)))
    draft.add("three.")
    draft.finish()
    stop()
    draft.add("four")

    assert seen == [(("One", "two", "three."), False), (("One", "two", "three."), True)]


def test_the_rest_of_a_draft_follows_it():
    draft = Draft("One two")
    rest = draft.rest(1)
    beyond = draft.rest(5)
    draft.add("three")
    draft.finish()

    assert (rest.words, rest.is_whole) == (("two", "three"), True)
    assert (beyond.words, beyond.is_whole) == ((), True)
