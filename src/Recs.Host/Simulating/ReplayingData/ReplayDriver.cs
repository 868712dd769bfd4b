using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Recs.Commands.Batching;
using Recs.Host.CommandLine;

namespace Recs.Host.Simulating.ReplayingData;

/// <summary>
/// Sends a plan to a service at the pace of the service's own clock: a batch once all of it has happened, and the slates of its people one batch earlier, so that
/// each has theirs before they act. One batch at a time, so the order of the data is the order of the log.
/// </summary>
/// <param name="client">The service.</param>
/// <param name="plan">What to send.</param>
/// <param name="clock">The service's clock.</param>
/// <param name="ask">Share of the occasions on which a person asks for a slate first, 0 to 1.</param>
/// <param name="state">How far it is; counts on.</param>
/// <param name="real">Real time.</param>
internal sealed class ReplayDriver(PatientClient client, ReplayPlan plan, FollowedClock clock, double ask, ReplayState state, TimeProvider real)
{
    private const int AtOnce = 8, Slate = 20;
    private static readonly MediaTypeHeaderValue Lines = new("application/x-ndjson");

    private readonly Lock gate = new();

    /// <summary>How late the latest batch was sent, in real time.</summary>
    public TimeSpan Behind { get; private set; }

    /// <summary>How long each slate took, in milliseconds.</summary>
    public List<double> Latencies { get; } = [];

    /// <summary>Runs to the end.</summary>
    /// <param name="keep">Keeps the state; called whenever it changed.</param>
    /// <param name="progress">Told facts sent and facts in all.</param>
    /// <param name="cancel">Stops; what was acknowledged is in the state.</param>
    /// <exception cref="UnavailableException">The service stayed away.</exception>
    /// <exception cref="UsageException">The service does not take facts from this caller.</exception>
    public async Task RunAsync(Action keep, IProgress<(long Done, long Total)> progress, CancellationToken cancel)
    {
        var done = plan.Batches.Take(state.Sent).Sum(batch => (long)batch.Rows.Length);
        while (state.Sent < plan.Batches.Count)
        {
            var next = plan.Batches[state.Sent];
            if (state.Asked < plan.Batches.Count && plan.Batches[state.Asked] is var coming && coming.From - plan.Lead <= next.Until)
            {
                await clock.WaitUntilAsync(coming.From - plan.Lead, cancel);
                state.Asked++;
                keep();
                await AskAsync(coming, cancel);
                continue;
            }
            Behind = await clock.WaitUntilAsync(next.Until, cancel) is var late && late > Behind ? late : Behind;
            await SendAsync(next, cancel);
            state.Sent++;
            keep();
            progress.Report((done += next.Rows.Length, plan.Facts));
        }
    }

    private async Task SendAsync(ReplayBatch batch, CancellationToken cancel)
    {
        var body = batch.ToLines(plan.Set);
        var answer = await client.SendAsync(() => new HttpRequestMessage(HttpMethod.Post, "events")
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = Lines } },
            Headers = { { "Idempotency-Key", plan.KeyOf(batch) } },
        }, cancel);
        if (answer.Status != HttpStatusCode.MultiStatus)
            throw Refused(answer);
        foreach (var line in Encoding.UTF8.GetString(answer.Body).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            Count(JsonSerializer.Deserialize<LineResult>(line, JsonSerializerOptions.Web)!);
    }

    private void Count(LineResult line)
    {
        if (line.Status == (int)HttpStatusCode.Created)
            state.Stored++;
        else
            Add(state.Refused, line.Errors?.FirstOrDefault() is { Value: [var message, ..] } first ? $"{line.Status} {first.Key}: {message}" : $"{line.Status} {line.Error}");
    }

    private Task AskAsync(ReplayBatch batch, CancellationToken cancel)
        => Parallel.ForEachAsync(batch.People(plan.Set).Where(person => Draw.Share(person, batch.Number) < ask), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel },
            async (person, stop) => await AskAsync(person, stop));

    private async Task AskAsync(string person, CancellationToken cancel)
    {
        var begun = real.GetTimestamp();
        var answer = await client.SendAsync(() => new HttpRequestMessage(HttpMethod.Get, $"recommend/{Uri.EscapeDataString(person)}?k={Slate}")
        {
            Headers = { { "X-Recs-Channel", "simulated" } },
        }, cancel);
        if (answer.Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            throw Refused(answer);
        lock (gate)
        {
            Latencies.Add(real.GetElapsedTime(begun).TotalMilliseconds);
            if (answer.Good)
                state.Slates++;
            else
                Add(state.Unserved, $"{(int)answer.Status} {answer.Problem}".TrimEnd());
        }
    }

    private static void Add(SortedDictionary<string, long> counts, string reason) => counts[reason] = counts.GetValueOrDefault(reason) + 1;

    private static Exception Refused(Answer answer) => answer.Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
        ? new UsageException($"the service answers {(int)answer.Status}: it takes other people's facts from a service only. Give --token-file FILE with what 'recs token --role service' prints.")
        : new InvalidDataException($"the service answers {(int)answer.Status} to a batch: {answer.Problem}");
}
