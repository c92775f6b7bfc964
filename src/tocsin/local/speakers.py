"""Who is at the other end of the machine's own socket: the kernel tells, nobody else is asked."""

import pwd
import socket
import struct

from tocsin.domain.people import Directory, Speaker, Surface

_CREDENTIALS = struct.Struct("3i")
"""pid, uid and gid, as `SO_PEERCRED` gives them (unix(7))."""


def login_of(peer: socket.socket) -> str:
    """Return the login name of the account that holds the other end; its number where it has no name."""
    packed = peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    _, uid, _ = _CREDENTIALS.unpack(packed)
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def speaker(login: str, directory: Directory, act: str) -> Speaker:
    """Return the speaker whom the directory knows by this login, or an unverified one who is told what to do."""
    known = next((person for person in directory.people if login in person.logins), None)
    if known is None:
        doubt = f"The directory has nobody with the login {login}; an administrator can add it to logins."
        return Speaker(login, Surface.CLI, doubt=doubt, act=act)
    return Speaker(known.id, Surface.CLI, known.id, proof=f"login {login}, told by the kernel", act=act)
