from uuid import UUID

import pytest

from dashboard.live.topics import Applied, Captions, Figures, Sessions, Unknown, topic_of

ID = "11111111-2222-4333-8444-555555555555"


@pytest.mark.parametrize(
    ("query", "topic"),
    [
        ("topic=figures&span=1h", Figures("1h")),
        ("topic=sessions", Sessions()),
        ("topic=applied&agent=3", Applied(3)),
        (f"topic=captions&conversation={ID}", Captions(UUID(ID))),
        ("topic=sessions&token=abc", Sessions()),
    ],
)
def test_a_query_names_a_topic(query, topic):
    assert topic_of(query) == topic


@pytest.mark.parametrize(
    "query",
    [
        "",
        "topic=everything",
        "topic=figures",
        "topic=figures&span=2h",
        "topic=applied&agent=x",
        "topic=applied&agent=9223372036854775808",
        "topic=captions&conversation=1",
    ],
)
def test_what_there_is_not_is_refused(query):
    with pytest.raises(Unknown):
        topic_of(query)
