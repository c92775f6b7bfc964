"""Distinguished names: what is one, what is none, and which two are the same."""

import pytest

from tocsin.neighbours.ldap.names import parsed, same


@pytest.mark.parametrize(
    ("dn", "parts"),
    [
        ("dc=org", ((("dc", "org"),),)),
        (" uid = bo , dc = org ", ((("uid", "bo"),), (("dc", "org"),))),
        ("cn=a+sn=b,dc=org", ((("cn", "a"), ("sn", "b")), (("dc", "org"),))),
        (r"cn=a\,b\2C\+c\\\ ,2.5.4.11=x", ((("cn", "a,b,+c\\ "),), (("2.5.4.11", "x"),))),
        (r"cn=Zo\C3\AB", ((("cn", "Zoë"),),)),
        ("cn=", ((("cn", ""),),)),
    ],
)
def test_a_name_is_read_part_by_part(dn: str, parts: object) -> None:
    assert parsed(dn) == parts


@pytest.mark.parametrize(
    "dn", ["", "ops", "cn=ops,", "cn=ops;dc=org", "=x", "cn=a,,dc=org", 'cn="a"', "cn=a\\", "cn=a+", f"cn={'a' * 2000}"]
)
def test_what_is_no_name_is_nothing(dn: str) -> None:
    assert parsed(dn) == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("UID=Bo,OU=People,dc=org", "uid=bo, ou=people, dc=org"),
        (r"cn=Quill\, Pat", r"cn=quill\2c  pat"),
        ("cn=a+sn=b", "sn=B+cn=A"),
    ],
)
def test_two_ways_of_writing_a_name_are_the_same(one: str, other: str) -> None:
    assert same(parsed(one)) == same(parsed(other))
    assert same(parsed(one)) != same(parsed(f"{other},dc=elsewhere"))
