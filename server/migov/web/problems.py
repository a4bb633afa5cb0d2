"""The types of problem that answers may tell of (RFC 9457): a table that loads no library, read by every process."""

from dataclasses import dataclass
from typing import Final

from migov import errors


@dataclass(frozen=True)
class Problem:
    """One problem type: the last part of its URI, its status and title, and what to do about it."""

    slug: str
    status: int
    title: str
    advice: str
    raised_as: tuple[type[errors.MigovError], ...] = ()


PROBLEMS: Final[tuple[Problem, ...]] = (
    Problem(
        "bad-request",
        400,
        "The request is malformed",
        "A parameter is missing, given twice, or not of the form this resource reads. Correct it and send again.",
        (errors.BadRequest,),
    ),
    Problem(
        "query-syntax",
        400,
        "The query does not parse",
        "The text breaks the SPARQL 1.1 grammar at the line and column given.",
        (errors.QuerySyntax,),
    ),
    Problem(
        "query-too-complex",
        400,
        "The query is too complex",
        "The query is nested more deeply, or holds more patterns and operators, than the server takes. Split it.",
        (errors.QueryTooComplex,),
    ),
    Problem(
        "query-refused",
        400,
        "The query asks for what this endpoint does not do",
        "The endpoint only reads, and only its own graph: updates and federated queries (SERVICE) are off.",
        (errors.QueryRefused,),
    ),
    Problem(
        "forbidden",
        403,
        "This is not for everybody",
        "Only the addresses that the operator names may read it.",
        (errors.Forbidden,),
    ),
    Problem(
        "not-found",
        404,
        "Nothing is known under this address",
        "The address may be mistyped, or the thing may not be in the graph yet. Search for it by name.",
        (errors.NoSuchEntity,),
    ),
    Problem(
        "method-not-allowed",
        405,
        "This resource does not know the method",
        "The Allow header names the methods that work here.",
        (errors.MethodNotAllowed,),
    ),
    Problem(
        "not-acceptable",
        406,
        "No representation fits the Accept header",
        "The member available lists the media types there are; ask for one of them.",
        (errors.NotAcceptable, errors.Unserialisable),
    ),
    Problem("gone", 410, "This was here once", "It was replaced and is no longer served; follow what replaced it."),
    Problem("request-timeout", 408, "The request body came too slowly", "Send the whole body at once."),
    Problem(
        "precondition-failed",
        412,
        "This is not the version that If-Match names",
        "The document has changed with a new release: ask for it again without the header.",
    ),
    Problem(
        "too-large",
        413,
        "Beyond a size limit",
        "The request body, the query text or its result is larger than the limit named. Ask for less: a LIMIT "
        "clause, fewer variables, or the dump of the whole dataset.",
        (errors.QueryTooLong, errors.ResultTooLarge),
    ),
    Problem("uri-too-long", 414, "The address is too long", "Send long queries in the body of a POST request."),
    Problem(
        "unsupported-media-type",
        415,
        "The body is of a type this resource does not read",
        "Send application/sparql-query or application/x-www-form-urlencoded, in UTF-8 and not compressed.",
        (errors.UnsupportedMediaType,),
    ),
    Problem(
        "too-many-requests",
        429,
        "One client asks too much at once",
        "Wait for the number of seconds in the Retry-After header, then ask more slowly. Who needs everything takes "
        "the dump of the whole dataset.",
        (errors.TooMany,),
    ),
    Problem("internal", 500, "Something went wrong on our side", "It has been logged. Trying again may help."),
    Problem("not-implemented", 501, "The method is not known to this server", "Use GET, HEAD, POST, QUERY or OPTIONS."),
    Problem(
        "unavailable",
        503,
        "The server is busy",
        "Try again after the number of seconds in the Retry-After header.",
        (errors.TooBusy, errors.StoreUnavailable, errors.NoRelease),
    ),
    Problem(
        "query-timeout",
        504,
        "The query ran into its deadline",
        "Make the query narrower: more bound terms, fewer optional parts, a LIMIT.",
        (errors.QueryTimeout,),
    ),
    Problem(
        "query-memory",
        507,
        "The query used up its memory",
        "Make the query narrower, or aggregate over fewer rows at a time.",
        (errors.QueryMemory,),
    ),
)
