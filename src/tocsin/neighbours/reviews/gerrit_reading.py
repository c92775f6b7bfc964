"""From Gerrit's own JSON to a change; the shapes are those of its REST API (`ChangeInfo` and what it holds).

Law: what is left out is unknown, never good news; what is there and has another shape is no answer at all.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from tocsin.domain.change import Change, ChangeStatus, Size, Verdict
from tocsin.neighbours.reviews.reading import Json, PersonOf, depends_on, familiar

OPTIONS: Final = "&o=CURRENT_REVISION&o=CURRENT_COMMIT&o=CURRENT_FILES&o=DETAILED_ACCOUNTS&o=LABELS"
"""What has to be asked for to read a change."""

VETO: Final = -2
"""A lower vote than -1 means *not like this*; -1 alone is an opinion."""

_ENDED: Final = {"MERGED": ChangeStatus.MERGED, "ABANDONED": ChangeStatus.ABANDONED}


def change_of(info: Json, site: str, ci_label: str, person_of: PersonOf) -> Change:
    """Return a change; what else goes live with it, and whether it can be merged, is asked elsewhere."""
    with familiar():
        return _change(info, site, ci_label, person_of)


def brought(own: int, related: Json, together: Json, message: str) -> tuple[str, ...]:
    """Return what else goes live with a change: what it stands on, what is submitted with it, what it depends on."""
    with familiar():
        numbered = {**dict(_together(together)), **dict(_below(own, related))}
    numbered.pop(own, None)
    return (*(numbered[number] for number in sorted(numbered)), *depends_on(message))


def message_of(info: Json) -> str:
    """Return the message of the current patchset's commit."""
    message: str = info["revisions"][info["current_revision"]]["commit"]["message"]
    return message


def _change(info: Json, site: str, ci_label: str, person_of: PersonOf) -> Change:
    sha, number = str(info["current_revision"]), int(info["_number"])
    revision = info["revisions"][sha]
    commit = revision["commit"]
    status = _status(info)
    addresses = (info["owner"].get("email"), revision["uploader"].get("email"), commit["author"].get("email"))
    return Change(
        number=number,
        patchset=int(revision["_number"]),
        sha=sha,
        project=str(info["project"]),
        branch=str(info["branch"]),
        subject=str(info["subject"]),
        authors=frozenset(person for each in addresses if each and (person := person_of(each))),
        author_name=str(commit["author"]["name"]),
        status=status,
        merged_as=sha if status is ChangeStatus.MERGED else "",
        ci=_verdict(info.get("labels", {}).get(ci_label, {})),
        size=_size(revision.get("files")),
        url=f"{site}/c/{info['project']}/+/{number}",
    )


def _status(info: Json) -> ChangeStatus:
    if (status := str(info["status"])) != "NEW":
        return _ENDED[status]
    if info.get("work_in_progress"):
        return ChangeStatus.WORK_IN_PROGRESS
    return ChangeStatus.BLOCKED if any(map(_vetoed, info.get("labels", {}).values())) else ChangeStatus.OPEN


def _vetoed(label: Json) -> bool:
    """Say whether somebody gave a veto: where the server says that it blocks, or by a vote as low as -2."""
    lowest = min((int(value) for value in label.get("values", {})), default=0)
    return "rejected" in label and (bool(label.get("blocking")) or lowest <= VETO)


def _verdict(label: Json) -> Verdict:
    if "rejected" in label:
        return Verdict.NO
    return Verdict.YES if "approved" in label else Verdict.UNKNOWN


def _size(files: Mapping[str, Json] | None) -> Size | None:
    """Gerrit counts the message as a file of its own, whose name begins with a slash."""
    if files is None:
        return None
    real = [each for name, each in files.items() if not name.startswith("/")]
    added, removed = (sum(int(each.get(key, 0)) for each in real) for key in ("lines_inserted", "lines_deleted"))
    return Size(len(real), added, removed)


def _together(together: Json) -> Iterator[tuple[int, str]]:
    for each in together["changes"]:
        yield int(each["_number"]), str(int(each["_number"]))
    if hidden := int(together.get("non_visible_changes", 0)):
        yield 0, f"{hidden} hidden from tocsin"


def _below(own: int, related: Json) -> Iterator[tuple[int, str]]:
    """Related changes come newest first: what stands behind our own is what it stands on."""
    numbers = [int(each["_change_number"]) for each in related["changes"]]
    behind: Iterable[Json] = related["changes"][numbers.index(own) + 1 :] if own in numbers else ()
    for each in behind:
        if each.get("status", "NEW") == "NEW":
            yield int(each["_change_number"]), f"{int(each['_change_number'])}/{int(each['_revision_number'])}"
