"""What people send about receivers, as structs: what validates it and what describes it is the same."""

from typing import Annotated

import msgspec
from msgspec import Meta

from exlogare_server import limits
from exlogare_server.store.records import Severity

Name = Annotated[str, Meta(min_length=1, max_length=limits.RECEIVER_NAME_CHARACTERS_MAX)]
Url = Annotated[str, Meta(min_length=1, max_length=limits.RECEIVER_URL_CHARACTERS_MAX)]
Event = Annotated[str, Meta(extra_json_schema={"enum": ["analysis.completed"]})]
Events = Annotated[list[Event], Meta(min_length=1, max_length=8)]
Secret = Annotated[str, Meta(min_length=1, max_length=512)]
Id = Annotated[str, Meta(min_length=1, max_length=64, extra_json_schema={"format": "uuid"})]


class WebhookBody(msgspec.Struct, frozen=True, kw_only=True):
    """A webhook to make; without events it is told of all there are."""

    name: Name
    url: Url
    events: Events | None = None
    enabled: bool | None = None


class WebhookChanges(msgspec.Struct, frozen=True, kw_only=True):
    """What to change of a webhook; what is not there stays. Enabling it forgets its failures."""

    name: Name | None = None
    url: Url | None = None
    events: Events | None = None
    enabled: bool | None = None


class RedeliverBody(msgspec.Struct, frozen=True, kw_only=True):
    """Which analysis to send again."""

    analysis_id: Id


class ChannelBody(msgspec.Struct, frozen=True, kw_only=True):
    """A channel of a messenger to make.

    Attributes:
        kind: ``slack``, ``telegram``, ``matrix`` or ``apprise``.
        url: slack: its incoming webhook's URL; apprise: any apprise URL.
        bot_token: telegram.
        chat_id: telegram.
        homeserver: matrix: the host, with a port if need be.
        access_token: matrix.
        room_id: matrix: ``!room:host`` or ``#alias:host``.
        severity_min: what is below is not sent.
        novel_only: only first times and regressions of a cause are sent.
    """

    kind: Annotated[str, Meta(extra_json_schema={"enum": ["slack", "telegram", "matrix", "apprise"]})]
    name: Name
    url: Url | None = None
    bot_token: Secret | None = None
    chat_id: Secret | None = None
    homeserver: Annotated[str, Meta(min_length=1, max_length=255)] | None = None
    access_token: Secret | None = None
    room_id: Secret | None = None
    severity_min: Severity | None = None
    novel_only: bool | None = None
    enabled: bool | None = None


class ChannelChanges(msgspec.Struct, frozen=True, kw_only=True):
    """What to change of a channel; what is not there stays. Enabling it forgets its failures."""

    name: Name | None = None
    severity_min: Severity | None = None
    novel_only: bool | None = None
    enabled: bool | None = None
