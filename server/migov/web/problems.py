"""The types of problem that answers may tell of (RFC 9457): a table that loads no library, read by every process."""

from dataclasses import dataclass
from typing import Final

from migov import errors
from migov.marking import N_


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
        N_("The request is malformed"),
        N_("A parameter is missing, given twice, or not of the form this resource reads. Correct it and send again."),
        (errors.BadRequest,),
    ),
    Problem(
        "query-syntax",
        400,
        N_("The query does not parse"),
        N_("The text breaks the SPARQL 1.1 grammar at the line and column given."),
        (errors.QuerySyntax,),
    ),
    Problem(
        "query-too-complex",
        400,
        N_("The query is too complex"),
        N_("The query is nested more deeply, or holds more patterns and operators, than the server takes. Split it."),
        (errors.QueryTooComplex,),
    ),
    Problem(
        "query-refused",
        400,
        N_("The query asks for what this endpoint does not do"),
        N_("The endpoint only reads, and only its own graph: updates and federated queries (SERVICE) are off."),
        (errors.QueryRefused,),
    ),
    Problem(
        "forbidden",
        403,
        N_("This is not for everybody"),
        N_("Only the addresses that the operator names may read it."),
        (errors.Forbidden,),
    ),
    Problem(
        "not-found",
        404,
        N_("Nothing is known under this address"),
        N_("The address may be mistyped, or the thing may not be in the graph yet. Search for it by name."),
        (errors.NoSuchEntity,),
    ),
    Problem(
        "method-not-allowed",
        405,
        N_("This resource does not know the method"),
        N_("The Allow header names the methods that work here."),
        (errors.MethodNotAllowed,),
    ),
    Problem(
        "not-acceptable",
        406,
        N_("No representation fits the Accept header"),
        N_("The member available lists the media types there are; ask for one of them."),
        (errors.NotAcceptable, errors.Unserialisable),
    ),
    Problem(
        "gone", 410, N_("This was here once"), N_("It was replaced and is no longer served; follow what replaced it.")
    ),
    Problem("request-timeout", 408, N_("The request body came too slowly"), N_("Send the whole body at once.")),
    Problem(
        "precondition-failed",
        412,
        N_("This is not the version that If-Match names"),
        N_("The document has changed with a new release: ask for it again without the header."),
    ),
    Problem(
        "too-large",
        413,
        N_("Beyond a size limit"),
        N_(
            "The request body, the query text or its result is larger than the limit named. Ask for less: a LIMIT "
            "clause, fewer variables, or the dump of the whole dataset."
        ),
        (errors.QueryTooLong, errors.ResultTooLarge),
    ),
    Problem("uri-too-long", 414, N_("The address is too long"), N_("Send long queries in the body of a POST request.")),
    Problem(
        "unsupported-media-type",
        415,
        N_("The body is of a type this resource does not read"),
        N_("Send application/sparql-query or application/x-www-form-urlencoded, in UTF-8 and not compressed."),
        (errors.UnsupportedMediaType,),
    ),
    Problem(
        "too-many-requests",
        429,
        N_("One client asks too much at once"),
        N_(
            "Wait for the number of seconds in the Retry-After header, then ask more slowly. Who needs everything "
            "takes the dump of the whole dataset."
        ),
        (errors.TooMany,),
    ),
    Problem(
        "head-too-large", 431, N_("The head of the request is too large"), N_("Send fewer or shorter header fields.")
    ),
    Problem("internal", 500, N_("Something went wrong on our side"), N_("It has been logged. Trying again may help.")),
    Problem(
        "not-implemented",
        501,
        N_("The method is not known to this server"),
        N_("Use GET, HEAD, POST, QUERY or OPTIONS."),
    ),
    Problem(
        "unavailable",
        503,
        N_("The server is busy"),
        N_("Try again after the number of seconds in the Retry-After header."),
        (errors.TooBusy, errors.StoreUnavailable, errors.NoRelease),
    ),
    Problem(
        "query-timeout",
        504,
        N_("The query ran into its deadline"),
        N_("Make the query narrower: more bound terms, fewer optional parts, a LIMIT."),
        (errors.QueryTimeout,),
    ),
    Problem(
        "query-memory",
        507,
        N_("The query used up its memory"),
        N_("Make the query narrower, or aggregate over fewer rows at a time."),
        (errors.QueryMemory,),
    ),
)
