using System.Globalization;
using System.Text;
using Recs.Contracts;
using Recs.Contracts.Users;

namespace Recs.Commands.Importing.Formats;

/// <summary>Rows of persons: the first row of an id counts, the same again is a duplicate, other content is rejected.</summary>
internal sealed class UserRows
{
    private readonly List<UserRegistered> users = [];
    private readonly IdTable ids;
    private readonly ErasedPeople erased;

    public UserRows(IdTable ids, ErasedPeople erased) => (this.ids, this.erased) = (ids, erased);

    public IReadOnlyList<UserRegistered> Rows => users;

    /// <param name="file">File.</param>
    /// <param name="line">Whole line.</param>
    /// <param name="id">Place of the user id in the line.</param>
    /// <param name="genderAt">Place of the gender.</param>
    /// <param name="ageAt">Place of the age.</param>
    /// <param name="occupationAt">Place of the occupation.</param>
    /// <param name="zipCodeAt">Place of the zip code.</param>
    public void Add(ReadingFile file, ReadOnlySpan<byte> line, Range id, Range genderAt, Range ageAt, Range occupationAt, Range zipCodeAt)
    {
        var (gender, age) = (file.Decode(line[genderAt]), file.Decode(line[ageAt]));
        var (occupation, zipCode) = (file.Decode(line[occupationAt]), file.Decode(line[zipCodeAt]));
        if (gender is not ("F" or "M"))
            file.Reject(line, RejectReasons.BadGender, "The gender must be F or M.");
        else if (!int.TryParse(age, NumberStyles.None, null, out var years) || years > 120)
            file.Reject(line, RejectReasons.BadAge, "The age must be a whole number from 0 to 120.");
        else if (!TextFields.IsClean(occupation, TextFields.MaxOther))
            file.Reject(line, RejectReasons.BadOccupation, $"The occupation must have 1 to {TextFields.MaxOther} characters, no control character.");
        else if (!TextFields.IsClean(zipCode, TextFields.MaxOther))
            file.Reject(line, RejectReasons.BadZipCode, $"The zip code must have 1 to {TextFields.MaxOther} characters, no control character.");
        else if (erased.Contains(line[id]))
            file.Reject(line, RejectReasons.Erased, ErasedPeople.Detail);
        else if (!ids.TryIntern(line[id], out var index))
            file.Reject(line, RejectReasons.BadUserId, $"User id {file.Quote(line[id])}: expected {EntityId.Rule}.");
        else
            Add(file, line, index, new UserRegistered(ids.Ids[index], gender, years, occupation, zipCode));
    }

    /// <param name="file">File.</param>
    /// <param name="line">Whole line, for a reject.</param>
    /// <param name="user">The person; of the fields only the id may be wrong.</param>
    public void Add(ReadingFile file, ReadOnlySpan<byte> line, UserRegistered user)
    {
        var id = Encoding.UTF8.GetBytes(user.UserId);
        if (erased.Contains(id)) file.Reject(line, RejectReasons.Erased, ErasedPeople.Detail);
        else if (ids.TryIntern(id, out var index)) Add(file, line, index, user);
        else file.Reject(line, RejectReasons.BadUserId, $"User id '{user.UserId}': expected {EntityId.Rule}.");
    }

    private void Add(ReadingFile file, ReadOnlySpan<byte> line, int index, UserRegistered user)
    {
        if (index == users.Count) users.Add(user);
        else if (users[index] == user) file.Duplicate();
        else file.Reject(line, RejectReasons.RepeatedId, $"User '{user.UserId}' stands on an earlier line with other content.");
    }
}
