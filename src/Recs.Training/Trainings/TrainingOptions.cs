namespace Recs.Training.Trainings;

/// <summary>How this process carries out jobs.</summary>
public sealed record TrainingOptions
{
    /// <summary>Threads of one fit; half the processors, at least 1, unless set.</summary>
    public int Threads { get; init; } = Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>Fits give way to everything else on the machine. For a process that also serves.</summary>
    public bool InBackground { get; init; } = true;

    /// <summary>How long a lease holds without a sign of life, by the database's clock.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Time between signs of life; a cancellation is noticed after this time at the latest.</summary>
    public TimeSpan Beat { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Time between looks for jobs whose holder died; new jobs wake the worker at once.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Workers that may die over one job before it counts as failed.</summary>
    public int MostAttempts { get; init; } = 3;

    /// <summary>Who holds the leases of this process, for people who read the table.</summary>
    public string Holder { get; init; } = $"{Environment.MachineName}:{Environment.ProcessId}";
}
