namespace Recs.Commands.Validating;

/// <summary>From where on a check of a batch does not hold. A check that does not hold is reported; only <see cref="MaxRejectRate"/> keeps a batch out.</summary>
public sealed record QualityThresholds
{
    /// <summary>What holds if nobody says otherwise.</summary>
    public static readonly QualityThresholds Default = new();

    /// <summary>Rejected share of the rows, 0 to 1, over which nothing is stored; null for no limit.</summary>
    public double? MaxRejectRate { get; init; }

    /// <summary>Share of rows, 0 to 1, that may repeat an earlier row of the input.</summary>
    public double MaxDuplicateShare { get; init; } = 0.10;

    /// <summary>Share of rows, 0 to 1, that may be later in the input than in time. Judged where the format is a log.</summary>
    public double MaxLateShare { get; init; } = 0.05;

    /// <summary>A row is late if it happened more than this before a row that stands earlier. Several servers write one log, so a little is normal.</summary>
    public TimeSpan LateAfter { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Share of rows, 0 to 1, in which each optional field of a catalogue must be known.</summary>
    public double MinKnownShare { get; init; } = 0.90;

    /// <summary>How old the newest fact may be; null for any age, because a data set of the past is as good as a new one.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>How far in the future the newest fact may lie: a day covers every time zone.</summary>
    public TimeSpan MaxAhead { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Relative change of the number of rows against the median of the source's earlier batches, both ways.</summary>
    public double MaxVolumeChange { get; init; } = 0.30;
}
