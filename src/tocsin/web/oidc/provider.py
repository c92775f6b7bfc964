"""What a provider of OpenID Connect says of who somebody is, and whether that can be believed.

Laws: the token is signed by a key of the provider's own, for us, for this very sign-in, and now; an address of mail
names nobody unless the provider has verified it.
"""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from tocsin.domain.errors import Unreachable
from tocsin.domain.people import LONGEST_IDENTITY
from tocsin.service.ports import Clock
from tocsin.web.oidc.asking import NotBelieved, asking, connection, endpoint, fetched
from tocsin.web.settings import OidcSettings

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures by a key of which we know only the public half: none of a shared secret, and not *none*."""
KEPT = timedelta(hours=1)
KEYS_AGAIN = timedelta(seconds=30)
"""Unknown keys make us ask for the provider's keys again, so often at most."""
LEEWAY_SECONDS = 60
SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Transaction:
    """One sign-in that somebody has begun; what is in it stays on the server."""

    began: datetime
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Known:
    """What a provider says of itself, and its keys."""

    read: datetime
    metadata: dict[str, Any]
    keys: KeySet


class Provider:
    """One provider; what it says of itself is kept for a while."""

    def __init__(self, settings: OidcSettings, redirect_uri: str, clock: Clock) -> None:
        """Take how it is asked; nothing is asked before somebody signs in."""
        self._settings = settings
        self._redirect_uri = redirect_uri
        self._clock = clock
        self._known: _Known | None = None

    async def begin(self) -> tuple[str, Transaction]:
        """Return where a browser goes to sign in, and what is kept of it; raises `Unreachable`."""
        client = connection(self._settings, self._redirect_uri)
        async with asking(self._settings, client):
            metadata = (await self._read(client)).metadata
        state, nonce, verifier = (secrets.token_urlsafe(SECRET_BYTES) for _ in range(3))
        begun = Transaction(self._clock.now(), state, nonce, verifier)
        address, _ = client.create_authorization_url(
            endpoint(self._settings, metadata, "authorization_endpoint"),
            state=state,
            nonce=nonce,
            code_verifier=verifier,
        )
        return address, begun

    async def identity(self, begun: Transaction, code: str, issuer: str | None) -> str:
        """Return by what the provider knows who has come back with a code; raises `Unreachable`, `NotBelieved`."""
        if issuer is not None and issuer != self._settings.issuer:
            raise self._not_believed("another issuer led back here")
        client = connection(self._settings, self._redirect_uri)
        async with asking(self._settings, client):
            known = await self._read(client)
            client.token_endpoint_auth_method = _method(self._settings, known.metadata)
            token = await client.fetch_token(
                endpoint(self._settings, known.metadata, "token_endpoint"),
                grant_type="authorization_code",
                code=code,
                code_verifier=begun.verifier,
            )
            signed = await self._signed(client, token.get("id_token"))
        try:
            self._claims(signed, begun, token.get("access_token"))
        except JoseError as error:
            raise self._not_believed(f"{type(error).__name__} {getattr(error, 'claim', '')}".strip()) from None
        return self._identity(signed.claims)

    async def _read(self, client: AsyncOAuth2Client) -> _Known:
        now = self._clock.now()
        if self._known is None or now - self._known.read > KEPT:
            place = f"{self._settings.issuer.rstrip('/')}/.well-known/openid-configuration"
            metadata = await fetched(self._settings, client, place)
            if metadata.get("issuer") != self._settings.issuer:
                raise Unreachable(self._settings.label, "calls itself otherwise than issuer in [web.oidc] does")
            self._known = _Known(now, metadata, await self._keys(client, metadata))
        return self._known

    async def _keys(self, client: AsyncOAuth2Client, metadata: dict[str, Any]) -> KeySet:
        content = await fetched(self._settings, client, endpoint(self._settings, metadata, "jwks_uri"))
        try:
            return KeySet.import_key_set({"keys": content["keys"]})
        except (JoseError, KeyError, TypeError, AttributeError):
            raise Unreachable(self._settings.label, "shows no keys that can be read") from None

    async def _signed(self, client: AsyncOAuth2Client, token: object) -> jwt.Token:
        """Return a token whose signature holds; of a key that is new the provider is asked anew."""
        assert self._known is not None, "it was read before the token was fetched"
        if not isinstance(token, str):
            raise self._not_believed("no id token")
        try:
            return self._verified(token)
        except InvalidKeyIdError:
            if self._clock.now() - self._known.read < KEYS_AGAIN:
                raise self._not_believed("signed by a key that is not the provider's") from None
        self._known = None
        await self._read(client)
        try:
            return self._verified(token)
        except InvalidKeyIdError:
            raise self._not_believed("signed by a key that is not the provider's") from None

    def _verified(self, token: str) -> jwt.Token:
        assert self._known is not None, "it was read before the token was fetched"
        try:
            return jwt.decode(token, self._known.keys, algorithms=ALGORITHMS)
        except InvalidKeyIdError:
            raise
        except (JoseError, ValueError) as error:
            raise self._not_believed(f"signature: {type(error).__name__}") from None

    def _claims(self, signed: jwt.Token, begun: Transaction, access_token: object) -> None:
        options = {
            "iss": {"essential": True, "value": self._settings.issuer},
            "aud": {"essential": True, "value": self._settings.client_id},
        }
        params = {"nonce": begun.nonce, "client_id": self._settings.client_id, "access_token": access_token}
        claims = CodeIDToken(signed.claims, signed.header, options, params)
        claims.validate(now=int(self._clock.now().timestamp()), leeway=LEEWAY_SECONDS)

    def _identity(self, claims: dict[str, Any]) -> str:
        name = self._settings.claim
        said = claims.get(name)
        if not isinstance(said, str) or not said.isprintable() or not 0 < len(said) <= LONGEST_IDENTITY:
            raise self._not_believed(f"its token holds no {name} of use")
        if name == "email" and claims.get("email_verified") is not True:
            raise self._not_believed("it has not verified the email")
        return said

    def _not_believed(self, why: str) -> NotBelieved:
        return NotBelieved(self._settings.label, why)


def _method(settings: OidcSettings, metadata: dict[str, Any]) -> str:
    """Say how we show who we are: the usual way, unless the provider takes only another."""
    if not settings.secret:
        return "none"
    taken = metadata.get("token_endpoint_auth_methods_supported")
    only_by_post = isinstance(taken, list) and "client_secret_basic" not in taken and "client_secret_post" in taken
    return "client_secret_post" if only_by_post else "client_secret_basic"
