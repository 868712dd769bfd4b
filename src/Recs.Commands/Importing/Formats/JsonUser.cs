using System.Globalization;
using Recs.Commands.Registering;
using Recs.Contracts;
using Recs.Contracts.Users;

namespace Recs.Commands.Importing.Formats;

/// <summary>A person as a JSON object: <c>user_id</c>, and what is known: <c>age, gender, occupation, zip_code</c>.</summary>
internal static class JsonUser
{
    /// <summary>Reads a person.</summary>
    /// <param name="row">Object.</param>
    /// <param name="id">Names of the id's field.</param>
    public static Field<UserRegistered> Read(JsonRow row, string[] id)
    {
        if (!row.TryText(out var userId, id) || userId is null || !EntityId.IsValid(userId))
            return Bad(RejectReasons.BadUserId, $"user_id: expected {EntityId.Rule}.");
        if (!TryAge(row, out var age))
            return Bad(RejectReasons.BadAge, $"age: expected a whole number from 0 to {DescribeUser.OldestAge}.");
        if (!TryClean(row, out var gender, "gender"))
            return Bad(RejectReasons.BadGender, $"gender: expected 1 to {TextFields.MaxOther} characters, none a control character.");
        if (!TryClean(row, out var occupation, "occupation"))
            return Bad(RejectReasons.BadOccupation, $"occupation: expected 1 to {TextFields.MaxOther} characters, none a control character.");
        if (!TryClean(row, out var zipCode, "zip_code", "zipCode"))
            return Bad(RejectReasons.BadZipCode, $"zip_code: expected 1 to {TextFields.MaxOther} characters, none a control character.");
        return new(new(userId, gender, age, occupation, zipCode));
    }

    private static Field<UserRegistered> Bad(string reason, string detail) => Field<UserRegistered>.Bad(reason, detail);

    private static bool TryAge(JsonRow row, out int? age)
    {
        age = null;
        if (!row.TryText(out var text, "age")) return false;
        if (string.IsNullOrEmpty(text)) return true;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var years) || years > DescribeUser.OldestAge) return false;
        age = years;
        return true;
    }

    /// <summary>An empty text says as little as none.</summary>
    private static bool TryClean(JsonRow row, out string? text, params ReadOnlySpan<string> names)
    {
        if (!row.TryText(out text, names)) return false;
        if (string.IsNullOrEmpty(text)) text = null;
        return text is null || TextFields.IsClean(text, TextFields.MaxOther);
    }
}
