using Recs.Host.CommandLine;
using Recs.Host.Observing;
using Recs.Host.Simulating.People;

namespace Recs.Host.Simulating.ClosedLoop;

/// <summary>
/// Lets people use a running service. Visits begin when the plan says so, whether earlier ones have ended or not, so that a slow service shows as latency and not as a
/// lower rate.
/// </summary>
/// <param name="http">The service.</param>
/// <param name="plan">What to do.</param>
/// <param name="films">The service's catalogue.</param>
/// <param name="start">The service's clock at the start of the run.</param>
/// <param name="truth">Where the truth goes; null for nowhere.</param>
/// <param name="patience">How long the service may give no answer.</param>
/// <param name="runId">A name that no other run has.</param>
/// <param name="clock">Real time.</param>
internal sealed class Simulation(HttpClient http, SimulationPlan plan, FilmCatalogue films, MonitoringRoutes.ClockReading start, TruthFile? truth, TimeSpan patience, string runId, TimeProvider clock)
{
    private const int MostAtOnce = 100_000;

    /// <summary>Visits that have begun get so long to end by themselves once the last one has begun.</summary>
    private static readonly TimeSpan LastVisits = TimeSpan.FromSeconds(10);

    /// <summary>Then, or when somebody stops the run, so long to send what they have done.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    private readonly Tally tally = new();
    private readonly Dictionary<int, Visitor> visitors = [];
    private int underWay;
    private UnavailableException? gone;

    /// <summary>Why the run ended before its time because of the service; null if it did not.</summary>
    public string? Gone => gone?.Message;

    /// <summary>Runs to the end of the plan.</summary>
    /// <param name="progress">Told of visits that began.</param>
    /// <param name="cancel">Ends the run early, in order.</param>
    public async Task<SimulationSummary> RunAsync(IProgress<(long Done, long Total)> progress, CancellationToken cancel)
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var abort = new CancellationTokenSource();
        await using var farewell = leaving.Token.Register(() => abort.CancelAfter(Farewell));
        using var client = new PatientClient(http, patience, clock, tally.PushedBack);
        var pace = plan.Pace(start.Speed);
        var parts = new VisitParts(client, films, tally, truth, runId, pace, start.Speed, clock, leaving.Token, abort.Token);
        var began = clock.GetTimestamp();
        var total = plan.VisitsAbout;
        var due = await BeginAsync(parts, began, total, leaving, progress);
        var begun = clock.GetElapsedTime(began);
        await EndAsync(leaving);
        progress.Report((due, due)); // the total was an expectation, and the run may have been stopped
        var ended = gone is not null ? "service gone" : cancel.IsCancellationRequested ? "interrupted" : "done";
        return tally.Summarise(plan, pace, begun > plan.Length ? begun : ended == "done" ? plan.Length : begun, clock.GetElapsedTime(began), ended);
    }

    /// <returns>Visits that were due until the run ended.</returns>
    private async Task<long> BeginAsync(VisitParts parts, long began, long total, CancellationTokenSource leaving, IProgress<(long Done, long Total)> progress)
    {
        var done = 0L;
        foreach (var planned in plan.Visits(start))
        {
            var left = planned.Due - clock.GetElapsedTime(began);
            if (left > TimeSpan.Zero) await Task.Delay(left, clock, leaving.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // the end of the run is looked at below
            if (leaving.IsCancellationRequested) return done;
            if (Volatile.Read(ref underWay) >= MostAtOnce) tally.Skipped();
            else Begin(parts, planned, leaving);
            progress.Report((++done, Math.Max(total, done + 1)));
        }

        return done;
    }

    private void Begin(VisitParts parts, PlannedVisit planned, CancellationTokenSource leaving)
    {
        if (!visitors.TryGetValue(planned.Person, out var visitor))
            visitors[planned.Person] = visitor = new(new Person(plan.Random, planned.Person, films, plan.Finds), plan.UserIdOf(planned.Person));
        Interlocked.Increment(ref underWay);
        visitor.Last = VisitAsync(visitor.Last, new(parts, visitor, visitor.Visits++, planned.Mood), leaving);
    }

    /// <summary>Visits once the person's visit before is over.</summary>
    private async Task VisitAsync(Task before, Visiting visiting, CancellationTokenSource leaving)
    {
        try
        {
            await before;
            if (leaving.IsCancellationRequested) tally.Skipped();
            else await Task.Run(() => visiting.RunAsync(clock.GetTimestamp()), CancellationToken.None);
        }
        catch (UnavailableException e)
        {
            gone ??= e;
            await leaving.CancelAsync();
        }
        catch (OperationCanceledException) when (leaving.IsCancellationRequested)
        {
            // The farewell was too short for what was being sent.
        }
        catch
        {
            await leaving.CancelAsync(); // a defect: the run ends with it, not after it
            throw;
        }
        finally
        {
            Interlocked.Decrement(ref underWay);
        }
    }

    private async Task EndAsync(CancellationTokenSource leaving)
    {
        var all = Task.WhenAll(visitors.Values.Select(v => v.Last));
        await Task.WhenAny(all, Task.Delay(LastVisits, clock, leaving.Token));
        await leaving.CancelAsync();
        await all;
    }
}
