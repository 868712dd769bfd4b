using Recs.Contracts;

namespace Recs.Commands.Importing.Movielog;

/// <summary>Why a line is no record of the movielog.</summary>
public enum MovielogFault : byte
{
    /// <summary>It is one.</summary>
    None,
    /// <summary>It ends before it is complete.</summary>
    Truncated,
    /// <summary>What follows the user id is none of the three forms.</summary>
    UnknownForm,
    /// <summary>The time is not one.</summary>
    BadTimestamp,
    /// <summary>The user id is not digits alone.</summary>
    BadUserId,
    /// <summary>The movie id has no <c>+</c> or a character that ids do not have.</summary>
    BadMovieId,
    /// <summary>The rating is not 1 to 5.</summary>
    BadRating,
    /// <summary>The minute is not one of a movie.</summary>
    BadMinute,
    /// <summary>Something follows a complete record.</summary>
    TrailingFields,
    /// <summary>The server has no name, or a character that names of servers do not have.</summary>
    BadServer,
    /// <summary>The status is not one of HTTP.</summary>
    BadStatus,
    /// <summary>The request failed: its result is the text of an error, not a slate.</summary>
    FailedRequest,
    /// <summary>A good answer whose items are no movie ids.</summary>
    BadItems,
    /// <summary>The milliseconds are not a number.</summary>
    BadLatency,
    /// <summary>Bytes that are no UTF-8.</summary>
    NotUtf8,
    /// <summary>Longer than <see cref="MovielogLine.MaxLength"/>.</summary>
    LineTooLong,
}

/// <summary>What a fault is called and how it is explained.</summary>
public static class MovielogFaults
{
    private static readonly (string Reason, string Expected)[] Known =
    [
        ("", ""),
        (RejectReasons.Truncated, "the line ends before its form is complete"),
        (RejectReasons.UnknownForm, "expected 'GET /data/m/<movie>/<minute>.mpg', 'GET /rate/<movie>=<1 to 5>' or 'recommendation request ...'"),
        (RejectReasons.BadTimestamp, "expected a date and time from 1970 to 2099 such as 2023-10-25T07:20:57.389, without a zone"),
        (RejectReasons.BadUserId, "expected a user id of digits only"),
        (RejectReasons.BadMovieId, $"expected a movie id with at least one +, of {EntityId.Rule}"),
        (RejectReasons.BadRating, "expected a rating of 1 to 5"),
        (RejectReasons.BadMinute, $"expected a minute from 0 to {MovielogLine.MaxMinute} and .mpg"),
        (RejectReasons.TrailingFields, "expected the end of the line"),
        (RejectReasons.BadServer, "expected the name of a server, such as host.example:8082"),
        (RejectReasons.BadStatus, "expected an HTTP status, 0 to 599"),
        (RejectReasons.FailedRequest, "the request failed; its result is no slate"),
        (RejectReasons.BadItems, $"expected movie ids parted by comma and space, each with at least one +, {MovielogLine.MaxItems} at most"),
        (RejectReasons.BadLatency, "expected whole milliseconds, such as 351 ms"),
        (RejectReasons.NotUtf8, "expected UTF-8"),
        (RejectReasons.LineTooLong, $"expected {MovielogLine.MaxLength} bytes at most"),
    ];

    /// <summary>The fault as one of <see cref="RejectReasons"/>; empty for <see cref="MovielogFault.None"/>.</summary>
    public static string Reason(this MovielogFault fault) => Known[(int)fault].Reason;

    /// <summary>What was expected instead, for a person.</summary>
    public static string Expected(this MovielogFault fault) => Known[(int)fault].Expected;
}
