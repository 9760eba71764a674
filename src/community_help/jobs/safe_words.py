"""Safe words: short, easy to say on the phone and to hear, hard to confuse."""

from __future__ import annotations

import secrets

WORDS = tuple(
    """acorn amber apricot badger barley beacon bluebell bramble buttercup candle chestnut cinnamon clover copper
    cricket daffodil daisy damson dolphin dragonfly elderberry falcon feather fern foxglove ginger goldfinch
    hazelnut heather hedgehog honeycomb ivory jasmine juniper kestrel kettle kingfisher ladybird lantern lavender
    lemon lilac magpie maple marigold meadow mistletoe mulberry nutmeg orchard otter paddock pebble peppermint
    pheasant pinecone poppy primrose pumpkin quince rainbow raspberry robin rosemary saffron sandpiper seashell
    skylark snowdrop sparrow starling sunflower swallow tangerine teapot thimble thistle toffee tulip turnip
    umbrella velvet violet walnut waterfall wheatfield willow woodpecker wren""".split()
)


def new_safe_word() -> str:
    """One of the words, chosen so that nobody can guess it."""
    return secrets.choice(WORDS)
