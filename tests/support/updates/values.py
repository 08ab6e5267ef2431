"""Values that a document may hold where others are expected, for tests of readers (hypothesis)."""

from typing import Any

from hypothesis import strategies as st

__all__ = ["DROP", "at_times", "either", "numbers", "odd", "texts", "words"]

DROP = {"$drop": True}
words = st.text(st.sampled_from("ab Ä\n#/"), max_size=4)
numbers = st.one_of(
    st.integers(-3, 3),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.sampled_from([0.5, 1.5, -0.5, 99, 99.5, 100, 1e22, 119.5, 120]),
)
odd = st.recursive(
    st.none() | st.booleans() | numbers | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=2),
    max_leaves=4,
)
texts = words.map(lambda text: {"$text": text})


def either(*of: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """One of them, each as often, however many kinds of values it has itself."""

    @st.composite
    def one(draw: st.DrawFn) -> Any:
        return draw(of[draw(st.integers(0, len(of) - 1))])

    return one()


def at_times(value: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Mostly this; a text or a map in its place, something else, or nothing."""
    wrong = st.one_of(odd, texts, st.just({"$map": {"text": {"$text": "x"}}}), st.just(DROP))
    return either(*[value] * 9, wrong)
