from __future__ import annotations

from pathlib import Path

import pytest

from miaobi.errors import BriefError, UnknownNameError
from miaobi.studio.library import Library
from miaobi.studio.library.database import Place
from miaobi.studio.users import Limits, Users, digest


def test_key_is_found_by_its_hash_until_it_is_taken_back(root: Path | str) -> None:
    with Users(root) as users:
        key, secret = users.add("ann", ["read", "infer"], Limits(jobs=3))
        other, _ = users.add("ann")
        assert users.find(digest(secret).hex()) == key
        assert (key.scopes, key.limits) == (("infer", "read"), Limits(jobs=3))
        assert users.find(digest(secret + "x").hex()) is None
        assert [k.id for k in users.revoke(key.id)] == [key.id]
        assert users.find(digest(secret).hex()) is None
        assert [k.id for k in users.revoke("ann")] == [other.id]
        assert all(k.revoked for k in users.issued())
        with pytest.raises(UnknownNameError):
            users.revoke("ann")


@pytest.mark.parametrize("name", ["", "Ann", "a-b", "../ann", "..", ".", "1a", "a" * 33, "a b", "ä"])
def test_name_that_would_be_another_folder_is_refused(tmp_path: Path, name: str) -> None:
    with Users(tmp_path / "library") as users, pytest.raises(BriefError, match="can't name"):
        users.add(name)


def test_scopes_are_known_ones(tmp_path: Path) -> None:
    with Users(tmp_path / "library") as users, pytest.raises(BriefError, match="scopes"):
        users.add("ann", ["root"])


def test_user_s_library_is_a_room_of_its_own(root: Path | str) -> None:
    with Library(Place(root, "ann")) as hers, Library(Place(root)) as common:
        work = hers.take_in("Mine.", Path("a.txt"), "en").work
        assert [card.id for card in hers.works()] == [work]
        assert common.works() == []
        with pytest.raises(UnknownNameError):
            common.find(work)


def test_log_shows_what_was_altered_or_left_out(root: Path | str) -> None:
    with Users(root) as users:
        for i in range(4):
            users.note({"did": f"thing {i}"})
        assert [entry["did"] for entry in users.log(2)] == ["thing 3", "thing 2"]
        assert users.broken() is None
        with users._database.write() as c:
            c.execute("DELETE FROM audit WHERE number = ?", (users.log()[2]["number"],))
        assert users.broken() == users.log()[1]["number"]
