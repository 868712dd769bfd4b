using Recs.Contracts;
using Recs.Contracts.Users;

namespace Recs.Commands.Importing;

/// <summary>How a data set is going to be stored: decided before anything is.</summary>
/// <param name="Source">What the events name as their source.</param>
/// <param name="Key">Identifies the input and its mapping.</param>
/// <param name="UserIds">User ids by index, with their prefix.</param>
/// <param name="Users">Persons, with their prefix.</param>
/// <param name="Order">Ratings in the order of their events, each fact once.</param>
/// <param name="RejectRate">Rejected share of the input, 0 to 1.</param>
internal sealed record ImportPlan(string Source, string Key, string[] UserIds, IReadOnlyList<UserRegistered> Users, int[] Order, double RejectRate)
{
    /// <summary>Plans.</summary>
    /// <exception cref="ImportInputException">A user id is too long with its prefix.</exception>
    public static ImportPlan Of(DataSet set, ImportOptions how)
    {
        var userIds = set.UserIds.Select(id => how.UserPrefix + id).ToArray();
        if (userIds.FirstOrDefault(id => id.Length > EntityId.MaxLength) is { } tooLong)
            throw new ImportInputException($"User id '{tooLong}' is longer than {EntityId.MaxLength} characters with its prefix. Choose a shorter one.");
        FileRows[] files = [.. new[] { set.MoviesFile, set.UsersFile, set.RatingsFile }.OfType<FileRows>()];
        return new(
            how.SourceOf(set.Name), how.KeyOf(set.Name, set.Digest), userIds,
            [.. set.Users.Select(u => u with { UserId = how.UserPrefix + u.UserId })],
            RatingOrder.Of(set.Ratings), (double)files.Sum(f => f.RejectRows) / Math.Max(1, files.Sum(f => f.InputRows)));
    }

    /// <summary>Why nothing may be stored, or null.</summary>
    public string? Refusal(double? maxRejectRate) => maxRejectRate is { } limit && RejectRate > limit
        ? $"{RejectRate:P2} of the rows were rejected, over the limit of {limit:P2}: nothing was stored."
        : null;
}
