"""A real LDAP server on loopback, a child of the test: an organisation of a few people with groups of every kind."""

import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from socket import AF_INET, SOCK_STREAM, create_connection, socket

from tests.conftest import require_package
from tocsin.demo.irc_server.certificate import self_signed

SLAPD = Path("/usr/sbin/slapd")
SCHEMAS = Path("/etc/ldap/schema")
BASE = "dc=example,dc=org"
PEOPLE = f"ou=people,{BASE}"
READER = f"cn=reader,{BASE}"
PASSWORD = "horse-staple-4711"
OPS, RELENG, SECURITY = (f"cn={name},ou=groups,{BASE}" for name in ("ops", "releng", "security"))
PATIENCE_SECONDS = 10.0
STEP_SECONDS = 0.02

CONFIGURATION = """\
include {schemas}/core.schema
include {schemas}/cosine.schema
include {schemas}/nis.schema
include {schemas}/inetorgperson.schema
pidfile {folder}/slapd.pid
modulepath /usr/lib/ldap
moduleload back_mdb
TLSCACertificateFile {folder}/certificate.pem
TLSCertificateFile {folder}/certificate.pem
TLSCertificateKeyFile {folder}/key.pem
database mdb
maxsize 67108864
suffix "{base}"
rootdn "cn=admin,{base}"
rootpw {password}
directory {folder}/data
dbnosync
access to attrs=userPassword by anonymous auth by * none
access to dn.subtree="cn=hidden,ou=groups,{base}" by * none
access to * by dn.exact="cn=reader,{base}" read by anonymous read
"""

# Bo and Mo are named by their uid, Pat by a name with a comma, Zoe by two attributes; Cy's entry is gone.
ORGANISATION = f"""\
dn: {BASE}
objectClass: dcObject
objectClass: organization
o: Example
dc: example

dn: {READER}
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: reader
userPassword: {PASSWORD}

dn: {PEOPLE}
objectClass: organizationalUnit
ou: people

dn: ou=groups,{BASE}
objectClass: organizationalUnit
ou: groups

dn: uid=bo,{PEOPLE}
objectClass: inetOrgPerson
uid: bo
cn: Bo
sn: Bo

dn: uid=mo,{PEOPLE}
objectClass: inetOrgPerson
uid: mo
cn: Mo
sn: Mo

dn: cn=Quill\\, Pat *(releng),{PEOPLE}
objectClass: inetOrgPerson
uid: pat
cn: Quill, Pat *(releng)
sn: Quill

dn: cn=Zoe+sn=Quill,{PEOPLE}
objectClass: inetOrgPerson
uid: zoe
cn: Zoe
sn: Quill

dn: uid=robot,{BASE}
objectClass: inetOrgPerson
uid: robot
cn: Robot
sn: Robot

dn: {OPS}
objectClass: groupOfNames
cn: ops
member: uid=bo,{PEOPLE}
member: UID=Mo, OU=People,{BASE}
member: uid=cy,{PEOPLE}
member: uid=robot,{BASE}

dn: {RELENG}
objectClass: groupOfUniqueNames
cn: releng
uniqueMember: cn=Quill\\2C Pat *(releng),{PEOPLE}
uniqueMember: sn=Quill+cn=Zoe,{PEOPLE}

dn: {SECURITY}
objectClass: posixGroup
cn: security
gidNumber: 2000
memberUid: sam
memberUid: lin
"""


@dataclass(slots=True)
class Slapd:
    """One server, its addresses, and ways to change what is in it."""

    folder: Path
    port: int
    tls_port: int
    process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    @property
    def address(self) -> str:
        """Return where it is reached without TLS, or with StartTLS."""
        return f"ldap://localhost:{self.port}"

    @property
    def tls_address(self) -> str:
        """Return where it is reached by TLS."""
        return f"ldaps://localhost:{self.tls_port}"

    @property
    def ca_file(self) -> str:
        """Return whom to trust, for whoever wants to."""
        return str(self.folder / "certificate.pem")

    def start(self) -> None:
        """Start it, and wait until it answers."""
        addresses = f"ldap://127.0.0.1:{self.port} ldaps://127.0.0.1:{self.tls_port} ldaps://127.0.0.2:{self.tls_port}"
        configuration = self.folder / "slapd.conf"
        with (self.folder / "slapd.log").open("ab") as log:
            words = [str(SLAPD), "-d", "0", "-h", addresses, "-f", str(configuration)]
            self.process = subprocess.Popen(words, stdout=log, stderr=log)
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until and self.process.poll() is None:
            try:
                create_connection(("127.0.0.1", self.tls_port), 1).close()
                return
            except OSError:
                time.sleep(STEP_SECONDS)
        raise AssertionError((self.folder / "slapd.log").read_text())

    def kill(self) -> None:
        """End it at once."""
        if self.process:
            self.process.kill()
            self.process.wait()
        self.process = None

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """Have it accept and say nothing."""
        assert self.process is not None, "it runs"
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)

    def change(self, ldif: str) -> None:
        """Change entries, as their administrator."""
        admin = ["-x", "-D", f"cn=admin,{BASE}", "-w", PASSWORD, "-H", f"ldap://127.0.0.1:{self.port}"]
        done = subprocess.run(["ldapmodify", *admin], input=ldif.encode(), capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()

    def add_member(self, group: str, named: str) -> None:
        """Put one of the people into a group."""
        self.change(f"dn: {group}\nchangetype: modify\nadd: member\nmember: {named},{PEOPLE}\n")

    def take_out(self, group: str, named: str) -> None:
        """Take one of the people out of a group."""
        self.change(f"dn: {group}\nchangetype: modify\ndelete: member\nmember: {named},{PEOPLE}\n")


@contextmanager
def slapd(folder: Path) -> Iterator[Slapd]:
    """Make an organisation, serve it, and end the server whatever happens."""
    require_package("slapd", SLAPD.exists())
    require_package("ldap-utils", shutil.which("ldapmodify"))
    (folder / "data").mkdir(parents=True)
    certificate = self_signed()
    (folder / "certificate.pem").write_text(certificate.certificate_pem)
    (folder / "key.pem").write_text(certificate.key_pem)
    words = CONFIGURATION.format(folder=folder, schemas=SCHEMAS, base=BASE, password=PASSWORD)
    (folder / "slapd.conf").write_text(words)
    loading = ["/usr/sbin/slapadd", "-q", "-f", str(folder / "slapd.conf")]
    done = subprocess.run(loading, input=ORGANISATION.encode(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    port, tls_port = _free_ports()
    server = Slapd(folder, port, tls_port)
    try:
        server.start()
        yield server
    finally:
        server.kill()


def _free_ports() -> tuple[int, int]:
    """Both are held at the same time, so that they differ."""
    with socket(AF_INET, SOCK_STREAM) as one, socket(AF_INET, SOCK_STREAM) as other:
        for each in (one, other):
            each.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]
