using Recs.Commands.Importing;

namespace Recs.Commands.Validating;

/// <summary>An optional field of a catalogue.</summary>
/// <param name="Name">Such as <c>year</c>.</param>
/// <param name="Rows">Rows that could have it.</param>
/// <param name="Known">Rows that have it.</param>
public sealed record FieldCoverage(string Name, long Rows, long Known);

/// <summary>Rows whose place in the input can be compared with their time.</summary>
/// <param name="Rows">Rows compared.</param>
/// <param name="Late">Rows that happened more than the allowed time before a row that stands earlier.</param>
public sealed record LateRows(long Rows, long Late);

/// <summary>What reading a batch found, before it is judged.</summary>
public sealed record BatchFindings
{
    /// <summary>Name of the format.</summary>
    public required string Format { get; init; }
    /// <summary>What each file held.</summary>
    public required IReadOnlyList<FileRows> Files { get; init; }
    /// <summary>Rejected rows by reason.</summary>
    public required IReadOnlyDictionary<string, long> Reasons { get; init; }
    /// <summary>Time of the oldest clean fact; null if none has a time.</summary>
    public DateTimeOffset? Oldest { get; init; }
    /// <summary>Time of the newest clean fact; null if none has a time.</summary>
    public DateTimeOffset? Newest { get; init; }
    /// <summary>Order of the rows; null where the format promises none.</summary>
    public LateRows? Order { get; init; }
    /// <summary>Whether duplicates are those of the input alone; false where they were counted together with rows that the log said already.</summary>
    public bool DuplicatesAreItsOwn { get; init; } = true;
    /// <summary>Whether the batch brings a catalogue and rows that refer to it.</summary>
    public bool HasCatalogue { get; init; }
    /// <summary>Optional fields of the catalogue's format.</summary>
    public IReadOnlyList<FieldCoverage> Coverage { get; init; } = [];

    /// <summary>Data rows of all files.</summary>
    public long InputRows => Files.Sum(f => f.InputRows);
    /// <summary>Rows that say again what an earlier row of the input says.</summary>
    public long DuplicateRows => Files.Sum(f => f.DuplicateRows);
    /// <summary>Rows that were not taken.</summary>
    public long RejectRows => Files.Sum(f => f.RejectRows);
    /// <summary>Rows that can be stored.</summary>
    public long CleanRows => InputRows - DuplicateRows - RejectRows;
    /// <summary>Rejected share of the input, 0 to 1.</summary>
    public double RejectRate => InputRows == 0 ? 0 : (double)RejectRows / InputRows;

    /// <summary>Whether more rows were rejected than the limit allows; exactly the limit is allowed.</summary>
    public bool IsOver(double? maxRejectRate) => maxRejectRate is { } limit && RejectRate > limit;

    /// <summary>Why nothing may be stored, or null.</summary>
    public string? Refusal(double? maxRejectRate) => IsOver(maxRejectRate)
        ? $"{RejectRate:P2} of the rows were rejected, over the limit of {maxRejectRate:P2}: nothing was stored. To accept them, run it again with a higher limit."
        : null;
}
