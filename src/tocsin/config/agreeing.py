"""What one file says held against what another says: policies against people, people against targets."""

from tocsin.config.meeting import lonely, obstacles
from tocsin.config.policies import Policies
from tocsin.config.reading import Source
from tocsin.config.targets import Written
from tocsin.domain.people import Directory
from tocsin.neighbours.rotas.written import RotaSettings


def check_policies(source: Source, policies: Policies, directory: Directory) -> None:
    """Report the organisation's own profiles that its people can never meet, at the line that asks too much."""
    for name in policies.own:
        for obstacle in obstacles(policies.known[name], directory):
            path = ("profiles", name, *obstacle.path)
            source.error(path, f"The profile {name} can never be met: {obstacle.sentence}")


def check_target(written: Written, policies: Policies, directory: Directory) -> None:
    """Report a target that nobody could ever deploy: by its policy, or for want of a deployer."""
    target, source = written.target, written.source
    if not directory.deployers(target.id):
        source.error(
            ("target",), f'Nobody may deploy it: give a person in directory.toml may_deploy = ["{target.id}"].'
        )
    found = obstacles(target.policy, directory)
    for obstacle in found if target.policy.profile not in policies.own else ():
        source.error(("target", "policy"), f"The profile {target.policy.profile} can never be met: {obstacle.sentence}")
    if not found and (people := lonely(target.policy, directory)):
        names = " or ".join(people)
        source.warn(("target", "policy"), f"When {names} asks, too few others are left to confirm: name more people.")


def check_on_call(written: Written, rota: RotaSettings, directory: Directory) -> None:
    """Warn of a policy that asks for who is on call where nobody ever is: any member would count."""
    asked = {demand.team for demand in written.target.policy.demands(None, None, frozen=True) if demand.on_call}
    for team in sorted(asked - rota.asked_for):
        sentence = (
            f"Only who is on call should confirm for {directory.team_name(team)}, "
            "and rota.toml has neither a shift nor a source of it."
        )
        written.source.warn(("target", "policy"), sentence)
