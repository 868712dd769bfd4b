using System.Globalization;
using Recs.Contracts;
using Recs.Contracts.Users;

namespace Recs.Commands.Importing.Formats;

/// <summary>Rows of persons: the first row of an id counts, the same again is a duplicate, other content is rejected.</summary>
internal sealed class UserRows
{
    private readonly List<UserRegistered> users = [];
    private readonly IdTable ids;

    public UserRows(IdTable ids) => this.ids = ids;

    public IReadOnlyList<UserRegistered> Rows => users;

    public void Add(ReadingFile file, ReadOnlySpan<byte> line, ReadOnlySpan<byte> id, string gender, string age, string occupation, string zipCode)
    {
        if (gender is not ("F" or "M"))
            file.Reject(line, RejectReasons.BadGender, "The gender must be F or M.");
        else if (!int.TryParse(age, NumberStyles.None, null, out var years) || years > 120)
            file.Reject(line, RejectReasons.BadAge, "The age must be a whole number from 0 to 120.");
        else if (!TextFields.IsClean(occupation, TextFields.MaxOther))
            file.Reject(line, RejectReasons.BadOccupation, $"The occupation must have 1 to {TextFields.MaxOther} characters, none a control character.");
        else if (!TextFields.IsClean(zipCode, TextFields.MaxOther))
            file.Reject(line, RejectReasons.BadZipCode, $"The zip code must have 1 to {TextFields.MaxOther} characters, none a control character.");
        else if (!ids.TryIntern(id, out var index))
            file.Reject(line, RejectReasons.BadUserId, $"User id {file.Quote(id)}: expected {EntityId.Rule}.");
        else
            Add(file, line, index, new UserRegistered(ids.Ids[index], gender, years, occupation, zipCode));
    }

    private void Add(ReadingFile file, ReadOnlySpan<byte> line, int index, UserRegistered user)
    {
        if (index == users.Count) users.Add(user);
        else if (users[index] == user) file.Duplicate();
        else file.Reject(line, RejectReasons.RepeatedId, $"User '{user.UserId}' stands on an earlier line with other content.");
    }
}
