"""Makes of the settings what is asked; the library for it is loaded only where an LDAP is configured."""

from tocsin.neighbours.ldap.settings import LdapSettings
from tocsin.service.memberships import Elsewhere


def elsewhere(settings: LdapSettings | None) -> Elsewhere | None:
    """Return the LDAP that says who else is in the teams, if one is configured."""
    if settings is None or not settings.groups:
        return None
    from tocsin.neighbours.ldap.groups import LdapGroups

    return Elsewhere(LdapGroups(settings), settings.system, settings.groups, settings.every, settings.keep)
