"""Builds the systems around an installation from its configuration; what is done with them is for wiring."""

from collections.abc import Callable, Iterator

from tocsin.config.loading import Loaded
from tocsin.domain.people import PersonId
from tocsin.irc.building import Irc
from tocsin.neighbours.admin_log import LogPort, LogWebPage
from tocsin.neighbours.calendars.sources import calendars
from tocsin.neighbours.reviews.gerrit import GerritReviews
from tocsin.neighbours.reviews.git import GitReviews
from tocsin.neighbours.reviews.github import GithubReviews
from tocsin.neighbours.reviews.gitlab import GitlabReviews
from tocsin.neighbours.reviews.several import SeveralReviews
from tocsin.neighbours.rotas.building import several_rotas
from tocsin.neighbours.rotas.people import members_perhaps
from tocsin.neighbours.rotas.several import FRESH, RotaSource
from tocsin.neighbours.rotas.topic import TopicOf
from tocsin.neighbours.rotas.train import TrainRota
from tocsin.neighbours.tasks.phabricator import PhabricatorTasks, tasks_from
from tocsin.neighbours.webhooks import Beginning, Source, Webhook
from tocsin.service.ports import AdminLog, Clock, Presences, Reviews, Rota, Store, Tasks
from tocsin.service.requests import Requests
from tocsin.service.situating import Neighbours
from tocsin.service.telling import Ways
from tocsin.storage.cursors import FileCursor


def neighbours(loaded: Loaded, presences: Presences, topic: TopicOf, earlier: Neighbours | None = None) -> Neighbours:
    """Return the systems that are asked for facts; `earlier` ones hand on what they read of a calendar."""
    tasks = tasks_from(loaded.settings.phabricator, loaded.settings.tasks)
    return Neighbours(
        reviews=_reviews(loaded),
        tasks=tasks,
        calendars=calendars(loaded.calendar, earlier and earlier.calendars),
        rota=_rota(loaded, tasks, topic),
        presences=presences,
    )


def ways(loaded: Loaded, irc: Irc | None, tasks: Tasks) -> Ways:
    """Return how the admin log and tasks are told of starts and ends: by the port, or else by the log's channel."""
    settings = loaded.settings.admin_log
    way: AdminLog | None = None
    if settings.host:
        way = LogPort(settings.host, settings.port)
    elif irc and loaded.settings.log_channel:
        way = irc.admin_log
    comments = tasks if isinstance(tasks, PhabricatorTasks) else None
    return Ways(way, LogWebPage(settings.page) if settings.page else None, comments)


def webhooks(loaded: Loaded, store: Store, standing: Requests, clock: Clock) -> Iterator[Webhook]:
    """Return a follower for each webhook; one without a file of its own has never run before."""
    site = loaded.settings.site
    for each in loaded.settings.webhooks:
        path = site.data / f"heard-by-webhook-{each.name}"
        beginning = Beginning(FileCursor(path), new=not path.exists())
        yield Webhook(each, Source(store, standing, clock, site.public_url), beginning)


def _rota(loaded: Loaded, tasks: Tasks, topic: TopicOf) -> Rota:
    """Who conducts the train is asked for where its task is."""
    train, conductors = loaded.settings.train, list[RotaSource]()
    if train and isinstance(tasks, PhabricatorTasks):
        rota = TrainRota(train, tasks.conduit, members_perhaps(loaded.directory))
        conductors.append(RotaSource(rota, "the train", frozenset({train.team}), conducts=True, fresh=FRESH))
    return several_rotas(loaded.rota, members_perhaps(loaded.directory), topic, conductors)


def _reviews(loaded: Loaded) -> Reviews:
    """All review systems that are configured, as one; where there is none, git says what to configure."""
    settings, person_of = loaded.settings, _by_name(loaded)
    systems: list[Reviews] = [
        *(GerritReviews(each, person_of) for each in settings.gerrit),
        *(GithubReviews(each, person_of) for each in settings.github),
        *(GitlabReviews(each, person_of) for each in settings.gitlab),
    ]
    if settings.reviews or not systems:
        systems.append(GitReviews(settings.reviews, settings.site.data / "reviews", person_of))
    return systems[0] if len(systems) == 1 else SeveralReviews(systems)


def _by_name(loaded: Loaded) -> Callable[[str], PersonId | None]:
    """Know people by their addresses, and by the names that other systems have for them."""
    people = loaded.directory.people
    known = {name.casefold(): person.id for person in people for name in (*person.known_as, *person.emails)}
    return lambda name: known.get(name.casefold())
