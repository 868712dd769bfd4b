using Recs.Contracts.Movies;
using Recs.Contracts.Users;

namespace Recs.Commands.Importing;

/// <summary>What a file of a data set held.</summary>
/// <param name="Name">File name without its folder.</param>
/// <param name="InputRows">Data rows: neither headers nor blank lines.</param>
/// <param name="DuplicateRows">Rows that say again what an earlier row of the file says.</param>
/// <param name="RejectRows">Rows that were not taken.</param>
/// <param name="Header">The header line, or null if the file has none.</param>
public sealed record FileRows(string Name, long InputRows, long DuplicateRows, long RejectRows, string? Header = null);

/// <summary>A data set in memory, read or generated, before it becomes events.</summary>
/// <param name="Name">Name of its folder or file, or of its generator.</param>
/// <param name="Format">Name of its format.</param>
/// <param name="Digest">Identifies its content, lower-case hexadecimal.</param>
/// <param name="Movies">The catalogue in the order of its file; empty if the data set has none.</param>
/// <param name="MoviesFile">What the catalogue's file held, or null: then movies are inferred from their ids.</param>
/// <param name="Users">Persons in the order of their file; empty if the data set has none.</param>
/// <param name="UsersFile">What the persons' file held, or null.</param>
/// <param name="UserIds">User ids by the index that <paramref name="Ratings"/> uses.</param>
/// <param name="MovieIds">Movie ids by the index that <paramref name="Ratings"/> uses.</param>
/// <param name="Ratings">Ratings in the order of their file, duplicates included.</param>
/// <param name="RatingsFile">What the ratings' file held, or null for a catalogue alone; its duplicates are found later, by time.</param>
public sealed record DataSet(
    string Name, string Format, string Digest,
    IReadOnlyList<MovieAdded> Movies, FileRows? MoviesFile,
    IReadOnlyList<UserRegistered> Users, FileRows? UsersFile,
    IReadOnlyList<string> UserIds, IReadOnlyList<string> MovieIds, RatingColumns Ratings, FileRows? RatingsFile);
