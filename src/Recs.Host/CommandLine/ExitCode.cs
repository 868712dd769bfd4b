namespace Recs.Host.CommandLine;

/// <summary>What the process tells its caller.</summary>
internal static class ExitCode
{
    /// <summary>Done; a check held.</summary>
    public const int Done = 0;
    /// <summary>The check that it ran did not hold.</summary>
    public const int NotHeld = 1;
    /// <summary>Bad usage or input.</summary>
    public const int Usage = 2;
    /// <summary>A dependency, such as the database, is down.</summary>
    public const int Unavailable = 3;
    /// <summary>A defect of the program itself.</summary>
    public const int Defect = 70;
    /// <summary>Stopped by a signal (Ctrl-C, SIGTERM) before the work was done, whatever the verb and the signal. What ends by one, such as <c>up</c>, is done.</summary>
    public const int Interrupted = 130;
}
