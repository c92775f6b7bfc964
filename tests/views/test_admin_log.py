"""The server admin log: one line when a deployment has ended, with who asked, who confirmed, what and why."""

from dataclasses import replace

from tests.domain.night import WISH
from tests.views.telling import Told
from tocsin.domain.commands import MakePrivate, RollBack
from tocsin.domain.plan import Step
from tocsin.domain.wish import Wish
from tocsin.views.admin_log import log_line

HEAD = "9f3a61c27b08" + "0" * 52


def test_nothing_is_logged_before_the_end() -> None:
    night = Told().verifying()
    assert night.logged == []


def test_the_end_is_logged_once_with_the_records_head_when_it_is_known() -> None:
    night = Told().verifying()
    night.seen(live=True)
    logged = (
        "!log E17 done: disable on mediawiki-config, 1234/3 (T1234) data, for ada,"
        " confirmed by kim-releng (Release Engineering) bo-sre (SRE)"
    )
    assert night.logged == [logged]
    assert log_line(night.request, tuple(night.recorded[-1:]), HEAD) == f"{logged} [record 9f3a61c27b08]"


def test_a_rollback_after_the_end_is_logged_as_well() -> None:
    night = Told().verifying()
    night.seen(live=True)
    night.says("ada", RollBack())
    night.runs()
    night.runs()
    night.seen(live=False)
    assert [line.partition(":")[0] for line in night.logged] == ["!log E17 done", "!log E17 rolled back"]


def test_a_private_request_is_logged_by_its_id_and_end_alone() -> None:
    night = Told().verifying()
    night.says("ada", MakePrivate())
    night.seen(live=True)
    assert night.logged == ["!log E17 done (private)"]
    assert log_line(night.request, tuple(night.recorded[-1:]), HEAD) == "!log E17 done (private) [record 9f3a61c27b08]"


def test_without_a_change_the_recipe_is_named() -> None:
    night = Told(
        steps=(Step("everywhere", ("deploy",), undo=("undeploy",)),), change=None, wish=_by_recipe()
    ).verifying()
    night.seen(live=True)
    assert night.logged[0].startswith("!log E17 done: disable on mediawiki-config, recipe config (T1234) data, for ada")


def _by_recipe() -> Wish:
    return replace(WISH, named="", recipe="config")
