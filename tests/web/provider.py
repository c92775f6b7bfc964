"""A provider of OpenID Connect as a process of its own, which can be told to send what nobody should believe.

It is oidc-provider-mock, made stricter: it takes no code without the verifier that belongs to it and our secret.
"""

import base64
import hashlib
import hmac
import json
import sys
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import flask
import werkzeug.serving
from joserfc import jwt
from joserfc.jwk import RSAKey

SECRET = "what the provider knows us by"
PEOPLE = {
    "ada@example.org": {"email": "ada@example.org", "email_verified": True, "department": "wikis"},
    "bo@example.org": {"email": "ada@example.org", "email_verified": False},
    "nobody@example.org": {"email": "nobody@example.org", "email_verified": True},
}


class Spoiling:
    """Changes what the provider answers, as it was told last; and notes what it was asked."""

    def __init__(self) -> None:
        self.told: dict[str, Any] = {}
        self.asked: list[dict[str, Any]] = []
        self._challenges: dict[str, str] = {}
        self._own = RSAKey.generate_key(2048, {"kid": "own", "use": "sig", "alg": "RS256"})

    def tell(self) -> tuple[str, int]:
        self.told = flask.request.get_json()
        return "", 204

    def seen(self) -> flask.Response:
        return flask.jsonify(self.asked)

    def before(self) -> flask.Response | None:
        path = flask.request.path
        if path.startswith("/test/"):
            return None
        self.asked.append({"path": path, "args": flask.request.args.to_dict(), "form": flask.request.form.to_dict()})
        time.sleep(self.told.get("slow", {}).get(path, 0))
        if path == "/oauth2/token" and not self._may_have_it():
            return flask.make_response({"error": "invalid_grant"}, 400)
        return None

    def after(self, answer: flask.Response) -> flask.Response:
        path = flask.request.path
        if path in self.told.get("raw", {}):
            return flask.make_response(self.told["raw"][path], 200)
        if path == "/oauth2/authorize" and "Location" in answer.headers:
            code = parse_qs(urlsplit(answer.headers["Location"]).query).get("code", [""])[0]
            self._challenges[code] = flask.request.args.get("code_challenge", "")
        if path == "/oauth2/token" and answer.status_code == 200:
            return self._spoilt(answer)
        if path == "/jwks":
            keys = [self._own.as_dict(private=False)] if self.told.get("rotated") else answer.get_json()["keys"]
            return flask.make_response({"keys": keys})
        if path == "/.well-known/openid-configuration":
            return flask.make_response({**answer.get_json(), **self.told.get("metadata", {})})
        return answer

    def _may_have_it(self) -> bool:
        form, sign_in = flask.request.form, flask.request.authorization
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        ours = sign_in.password if sign_in else form.get("client_secret")
        return ours == SECRET and _in_letters(digest) == self._challenges.get(form.get("code", ""))

    def _spoilt(self, answer: flask.Response) -> flask.Response:
        content = answer.get_json()
        header, payload, signature = content["id_token"].split(".")
        claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
        changed = {**claims, **self.told.get("claims", {})}
        left = {name: value for name, value in changed.items() if value is not None}
        match self.told.get("signed", "well" if left == claims else "own"):
            case "own":
                content["id_token"] = jwt.encode({"alg": "RS256", "kid": "own"}, left, self._own)
            case "not":
                content["id_token"] = f"{_packed({'alg': 'none', 'kid': 'own'})}.{_packed(left)}."
            case "shared":
                content["id_token"] = _by_shared_secret(left, self._own.as_pem(private=False))
            case "tampered":
                content["id_token"] = f"{header}.{_packed(left)}.{signature}"
        if self.told.get("no id token"):
            del content["id_token"]
        return flask.make_response(content)


def _by_shared_secret(claims: dict[str, Any], secret: bytes) -> str:
    signed = f"{_packed({'alg': 'HS256', 'kid': 'own'})}.{_packed(claims)}"
    return f"{signed}.{_in_letters(hmac.digest(secret, signed.encode(), 'sha256'))}"


def _packed(claims: dict[str, Any]) -> str:
    return _in_letters(json.dumps(claims).encode())


def _in_letters(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def serve(port: int) -> None:
    """Serve until killed."""
    import oidc_provider_mock  # it warns of what it imports itself, which concerns no test

    app = oidc_provider_mock.app(
        user_claims=[oidc_provider_mock.User(sub=sub, claims=dict(claims)) for sub, claims in PEOPLE.items()]
    )
    spoiling = Spoiling()
    app.add_url_rule("/test/tell", view_func=spoiling.tell, methods=["PUT"])
    app.add_url_rule("/test/seen", view_func=spoiling.seen)
    app.before_request(spoiling.before)
    app.after_request(spoiling.after)
    werkzeug.serving.make_server("127.0.0.1", port, app, threaded=True).serve_forever()


if __name__ == "__main__":
    serve(int(sys.argv[1]))
