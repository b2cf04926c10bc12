"""How nodes are called in trees and lists."""

from hypothesis import assume, given
from hypothesis import strategies as st

from commands.parts.dependencies.node_labels import marked, plain
from commands.parts.reply import escape
from commands.parts.texts.labels import cut
from data.catalog.entity import Entity
from data.catalog.snapshot import Snapshot

FIELDS = dict.fromkeys(Entity._fields, "") | {"kind": "Resource", "line": 1, "stale": False}
names = st.text(max_size=20) | st.sampled_from(["db", "my_db", "*db*", "a\tb", "a\x1fb", "<!here>", "x" * 200])


@given(st.lists(names, min_size=1, max_size=5), names)
def test_a_list_says_name_kind_and_owner_of_each_safely(called: list[str], owner: str) -> None:
    assume(owner == "" or bool(owner.split()))  # no reference names nothing
    stated = f"group:default/{owner}" if owner else ""
    rows = [
        tuple((FIELDS | {"ref": f"resource:default/{at}", "name": name, "owner": stated}).values())
        for at, name in enumerate(called)
    ]
    table = Snapshot.build(rows).content.called()
    facts = ["resource", " ".join(owner.split())]
    for node, name in enumerate(" ".join(name.split()) for name in called):
        said = " · ".join(escape(cut(fact, 120)) for fact in facts if fact)
        line = f"\n*{escape(cut(name, 120))}* · {said}"
        assert marked(table, [node], []) == (line, "")
        assert marked(table, [], [node]) == ("", line)
        assert plain(table, node) == " · ".join([name, *filter(None, facts)])
    some, others = range(len(called) // 2), range(len(called) // 2, len(called))
    lines = [marked(table, [at], [])[0] for at in range(len(called))]
    assert "".join(marked(table, some, others)) == "".join(lines)
    assert marked(table, some, others)[0] == "".join(lines[: len(some)])
