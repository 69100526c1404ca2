"""Name what can go wrong with connections."""

from app.problems import BadGateway, BadRequest, Conflict, GatewayTimeout, NotFound


class UnknownProvider(NotFound):
    """Refuse a provider that is not in the registry."""

    name = "unknown-provider"


class ConnectionNotFound(NotFound):
    """Refuse a connection that does not exist or is another person's."""

    name = "connection-not-found"


class LabelTaken(Conflict):
    """Refuse two connections to one provider with one label."""

    name = "label-taken"


class Disconnected(Conflict):
    """Refuse to use a connection whose tokens were given up."""

    name = "disconnected"


class ConsentExpired(Conflict):
    """Refuse to use a connection whose provider wants to ask the person again."""

    name = "consent-expired"


class BadConsentState(BadRequest):
    """Refuse to finish a consent that this person did not begin, or not lately, or that is finished."""

    name = "bad-consent-state"


class ConsentRefused(BadGateway):
    """Report that the provider does not take a code or token."""

    name = "consent-refused"


class ServiceRefused(BadGateway):
    """Report that the provider does not accept this service's own credentials."""

    name = "service-refused"


class ProviderUnavailable(BadGateway):
    """Report that the provider cannot be reached or fails."""

    name = "provider-unavailable"


class BadProviderAnswer(BadGateway):
    """Report that the provider's answer makes no sense."""

    name = "bad-provider-answer"


class ProviderTimeout(GatewayTimeout):
    """Report that the provider took too long."""

    name = "provider-timeout"
