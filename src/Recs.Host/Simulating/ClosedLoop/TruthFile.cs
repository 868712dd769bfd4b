using System.Text.Json;
using Recs.Host.CommandLine;
using Recs.Host.Simulating.People;

namespace Recs.Host.Simulating.ClosedLoop;

/// <summary>First line of a truth file: what the simulation was.</summary>
/// <param name="Kind"><c>simulation</c>.</param>
/// <param name="Version">Version of the people's arithmetic: files of two versions are not about the same people.</param>
/// <param name="Seed">Seed.</param>
/// <param name="Users">People.</param>
/// <param name="Rate">Visits a second.</param>
/// <param name="Minutes">Length.</param>
/// <param name="Pace">How much faster than the service's clock people lived.</param>
/// <param name="UserPrefix">What user ids begin with.</param>
/// <param name="Service">Address of the service.</param>
/// <param name="StartedAt">The service's clock at the start.</param>
/// <param name="Speed">The clock's seconds per second.</param>
/// <param name="Movies">Size of the catalogue.</param>
/// <param name="Shifts">What shifts, and when on the service's clock.</param>
internal sealed record SimulationLine(
    string Kind, int Version, ulong Seed, int Users, double Rate, double Minutes, double Pace, string UserPrefix, string Service, DateTimeOffset StartedAt, double Speed, int Movies,
    IReadOnlyList<ShiftLine> Shifts);

/// <summary>A shift in the first line of a truth file.</summary>
/// <param name="Kind">tastes, popularity or volume.</param>
/// <param name="What">The genre in fashion, or <c>new</c>.</param>
/// <param name="Factor">Factor of the volume.</param>
/// <param name="Share">When, as a share of the run.</param>
/// <param name="At">When, on the service's clock.</param>
internal sealed record ShiftLine(string Kind, string? What, double Factor, double Share, DateTimeOffset At);

/// <summary>A person's taste: before their first visit and after each shift of tastes.</summary>
/// <param name="Kind"><c>person</c>.</param>
/// <param name="UserId">Who.</param>
/// <param name="Epoch">How often tastes had shifted.</param>
/// <param name="Patience">Probability of going on down a list.</param>
/// <param name="Leanings">Liking of the hidden factors.</param>
/// <param name="Genres">Liking of the genres.</param>
internal sealed record PersonLine(string Kind, string UserId, int Epoch, double Patience, IReadOnlyList<double> Leanings, IReadOnlyDictionary<string, double> Genres);

/// <summary>A slate, what was true of it and what was done.</summary>
/// <param name="Kind"><c>slate</c>.</param>
/// <param name="RequestId">The service's id of the slate.</param>
/// <param name="UserId">Who was shown it.</param>
/// <param name="Visit">Number of the person's visit, from 0.</param>
/// <param name="Model">Version of the model.</param>
/// <param name="ServedAt">When, on the service's clock.</param>
/// <param name="Truth">What is true of it.</param>
/// <param name="Opens">What was opened.</param>
/// <param name="Watches">What was watched.</param>
/// <param name="Ratings">What was rated.</param>
/// <param name="Cut">The end of the run cut the visit short.</param>
internal sealed record SlateLine(
    string Kind, string RequestId, string UserId, int Visit, string Model, DateTimeOffset ServedAt, SlateTruth Truth, IReadOnlyList<Opened> Opens, IReadOnlyList<Watched> Watches,
    IReadOnlyList<Rated> Ratings, bool Cut);

/// <summary>The truth about a simulation as JSON lines: a line of the simulation, then lines of people and slates in the order in which visits ended.</summary>
internal sealed class TruthFile : IDisposable
{
    /// <summary>Version of the people's arithmetic.</summary>
    public const int Version = 1;

    private readonly Lock gate = new();
    private readonly StreamWriter lines;

    private TruthFile(StreamWriter lines) => this.lines = lines;

    /// <summary>Begins a file, in the place of an older one.</summary>
    /// <exception cref="UsageException">It cannot be written.</exception>
    public static TruthFile? Create(string? path)
    {
        try
        {
            return path is null ? null : new(new StreamWriter(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"--truth '{path}' cannot be written: {e.Message}", e);
        }
    }

    /// <summary>Adds a line.</summary>
    public void Add<T>(T line)
    {
        var text = JsonSerializer.Serialize(line, JsonSerializerOptions.Web);
        lock (gate) lines.WriteLine(text);
    }

    /// <summary>Writes what is left.</summary>
    public void Dispose() => lines.Dispose();
}
