using System.Text;
using Recs.Contracts;

namespace Recs.Projections.UserHistory;

/// <summary>The events that a person's history folds. The numbers enter the digest: never renumber.</summary>
internal enum UserFact : byte
{
    /// <summary>Any other event: it leaves the history as it is.</summary>
    None = 0,
    Registered = 1,
    Changed = 2,
    Watched = 3,
    Rated = 4,
    Opened = 5,
    Erased = 6,
}

/// <summary>Finds the fact behind a wire name.</summary>
internal static class UserFacts
{
    /// <summary>Wire names of all facts.</summary>
    public static readonly string[] Aliases =
    [
        EventAliases.UserRegistered, EventAliases.UserChanged, EventAliases.MovieWatched, EventAliases.MovieRated,
        EventAliases.MovieOpened, EventAliases.UserErased,
    ];

    private static readonly byte[][] Utf8Aliases = Array.ConvertAll(Aliases, Encoding.UTF8.GetBytes);

    private static readonly UserFact[] Order =
        [UserFact.Registered, UserFact.Changed, UserFact.Watched, UserFact.Rated, UserFact.Opened, UserFact.Erased];

    public static UserFact Of(string alias)
    {
        var i = Array.IndexOf(Aliases, alias);
        return i < 0 ? UserFact.None : Order[i];
    }

    public static UserFact Of(ReadOnlySpan<byte> alias)
    {
        for (var i = 0; i < Utf8Aliases.Length; i++)
            if (alias.SequenceEqual(Utf8Aliases[i]))
                return Order[i];
        return UserFact.None;
    }
}
