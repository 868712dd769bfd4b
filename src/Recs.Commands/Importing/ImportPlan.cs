using Recs.Commands.Validating;
using Recs.Contracts;
using Recs.Contracts.Users;

namespace Recs.Commands.Importing;

/// <summary>How a data set is going to be stored: decided before anything is.</summary>
/// <param name="Source">What the events name as their source.</param>
/// <param name="Key">Identifies the input and its mapping.</param>
/// <param name="UserIds">User ids by index, with their prefix.</param>
/// <param name="Users">Persons, with their prefix.</param>
/// <param name="Order">Ratings in the order of their events, each fact once.</param>
/// <param name="Findings">What reading found; the checks judge it.</param>
internal sealed record ImportPlan(string Source, string Key, string[] UserIds, IReadOnlyList<UserRegistered> Users, int[] Order, BatchFindings Findings)
{
    /// <summary>Plans.</summary>
    /// <exception cref="ImportInputException">A user id is too long with its prefix.</exception>
    public static ImportPlan Of(DataSet set, IReadOnlyDictionary<string, long> reasons, ImportOptions how)
    {
        var userIds = set.UserIds.Select(id => how.UserPrefix + id).ToArray();
        if (userIds.FirstOrDefault(id => id.Length > EntityId.MaxLength) is { } tooLong)
            throw new ImportInputException($"User id '{tooLong}' is longer than {EntityId.MaxLength} characters with its prefix. Choose a shorter one.");
        var order = RatingOrder.Of(set.Ratings);
        return new(
            how.SourceOf(set.Name), how.KeyOf(set.Name, set.Digest), userIds,
            [.. set.Users.Select(u => u with { UserId = how.UserPrefix + u.UserId })],
            order, DataSetFindings.Of(set, order, reasons, how.Quality.LateAfter));
    }
}
