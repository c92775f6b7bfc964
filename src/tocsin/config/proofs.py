"""[[recipe.proof]]: how it is seen from outside that a change is live, one kind of look for each table."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from tocsin.config.arguments import Arguments, AsItStands, Folder
from tocsin.config.checking import Table
from tocsin.config.names import Duration, Sentence, WebAddress
from tocsin.config.reviews import Repository
from tocsin.domain.plan import (
    CommandProof,
    DeployedProof,
    FetchProof,
    MetricProof,
    Proof,
    VersionProof,
    WordProof,
)

GOES_WITH: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "fetch": frozenset({"text", "absent"}),
        "command": frozenset({"folder", "limit"}),
        "deployed": frozenset({"project", "repository"}),
        "version": frozenset({"component", "shows"}),
        "metric": frozenset({"query", "below", "above", "span"}),
        "word": frozenset(),
    }
)
"""Each kind of look, and the keys that mean something beside it alone."""

_COMMAND = CommandProof(())
_VERSION = VersionProof("")
_METRIC = MetricProof("", "")


def _number(text: str) -> str:
    if re.fullmatch(r"-?[0-9]{1,18}(\.[0-9]{1,9})?", text, re.ASCII) is None:
        raise ValueError('is a number in quotes, such as "0.5"')
    return text


Shown = Annotated[Sentence, AsItStands]
Number = Annotated[str, AfterValidator(_number)]


class ProofTable(Table):
    """One observation from outside that the change is live."""

    fetch: Annotated[WebAddress, AsItStands] | None = Field(default=None, description="The address of a page to fetch.")
    text: Shown | None = Field(default=None, description="With fetch: what the page shows when it is live.")
    absent: Shown | None = Field(default=None, description="With fetch: what the page shows no more when it is live.")
    command: Arguments | None = Field(default=None, description="A command: 0 is live, 1 is not live, else unknown.")
    folder: Folder = Field(default="", description="With command: where it runs.")
    limit: Duration = Field(default=_COMMAND.limit, description="With command: how long it may take.")
    deployed: Annotated[WebAddress, AsItStands] | None = Field(
        default=None, description="The address of a wiki's deployment-info.php: live when it tells of the change."
    )
    project: Sentence = Field(default="", description="With deployed: whose commit counts, such as operations/config.")
    repository: Repository | None = Field(
        default=None, description="With deployed: where git finds it, so that a later commit counts too."
    )
    version: Annotated[WebAddress, AsItStands] | None = Field(
        default=None, description="The address of a wiki's api.php: live when it tells of a version."
    )
    component: Sentence = Field(
        default=_VERSION.component, description="With version: MediaWiki itself, or the name of an extension or skin."
    )
    shows: Sentence = Field(
        default=_VERSION.version, description="With version: the version, or {sha}, or a value of the recipe."
    )
    metric: Annotated[WebAddress, AsItStands] | None = Field(
        default=None, description="The address of a Prometheus: live when a query has stayed on one side of a number."
    )
    query: Shown | None = Field(default=None, description="With metric: what is asked; every series of it counts.")
    below: Number | None = Field(default=None, description="With metric: what it stays below.")
    above: Number | None = Field(default=None, description="With metric: what it stays above.")
    span: Duration = Field(default=_METRIC.span, description="With metric: for how long.")
    word: bool = Field(default=False, description="Whether people's word is the proof.")

    @model_validator(mode="after")
    def _one_thing(self) -> "ProofTable":
        kinds = [kind for kind in GOES_WITH if getattr(self, kind) not in (None, False)]
        if len(kinds) != 1:
            raise ValueError(f"is one of {', '.join(GOES_WITH)}: write a table for each")
        (kind,) = kinds
        for other, keys in GOES_WITH.items():
            if other != kind and (given := sorted(keys & self.model_fields_set)):
                raise ValueError(f"has {' and '.join(given)} without {other}: they belong together")
        if self.fetch is not None and (self.text is None) == (self.absent is None):
            raise ValueError("with fetch says either text or absent: what the page shows, or shows no more")
        if self.deployed is not None and not self.project:
            raise ValueError("with deployed says project: whose commit counts")
        if self.metric is not None and (self.query is None or (self.below is None) == (self.above is None)):
            raise ValueError("with metric says query, and either below or above")
        return self

    def proof(self) -> Proof:
        """Return it as the rules know it."""
        if self.fetch is not None:
            return FetchProof(self.fetch, self.text or self.absent or "", present=self.text is not None)
        if self.command is not None:
            return CommandProof(tuple(self.command), self.folder, self.limit)
        if self.deployed is not None:
            return DeployedProof(self.deployed, self.project, self.repository or "")
        if self.version is not None:
            return VersionProof(self.version, self.component, self.shows)
        if self.metric is not None:
            return MetricProof(self.metric, self.query or "", self.below or "", self.above or "", self.span)
        return WordProof()
