using System.Diagnostics;
using Recs.Benchmarks.Training;
using Recs.Commands.Simulating;
using Recs.Training.Evaluating.Costs;
using Recs.Training.Snapshots;

namespace Recs.Benchmarks.Scaling;

/// <summary>
/// Fits (<see cref="ShortFit"/>) on simulated sets of growing size: 7,000 people a million ratings, and movies growing with the square root of the ratings, up to 140,000 people and 26,832 movies at 20
/// million. Beside each time stands what the model's law foretells from the smallest size. The peak of memory is the whole process's, the data set in it.
/// </summary>
internal static class ScaleBenchmark
{
    private const int PeoplePerMillion = 7_000;
    private const int RatingsPerPerson = 143;
    private const double MoviesPerRoot = 6_000;
    private static readonly int[] ModelledMovies = [1_250, 2_500, 5_000];

    public static Task<IReadOnlyList<BenchmarkRow>> RunAsync(BenchmarkServer bench, CancellationToken cancel)
        => Task.Run<IReadOnlyList<BenchmarkRow>>(() => Run(bench, cancel), cancel);

    private static List<BenchmarkRow> Run(BenchmarkServer bench, CancellationToken cancel)
    {
        var fits = ShortFit.Of(bench.Arguments.Models);
        var sizes = (bench.Arguments.Sizes ?? (bench.Arguments.Which == "scale" ? "1,5,20" : "1")).Split(',').Select(int.Parse).Order().ToList();
        var rows = new List<BenchmarkRow>();
        var smallest = new Dictionary<string, (double Seconds, double Work)>();
        foreach (var size in sizes)
        {
            var data = Simulate(size);
            bench.Say($"  {data.Count:N0} interactions of {data.Users.Count:N0} users and {data.Movies.Count:N0} movies");
            foreach (var fit in fits)
            {
                if (size == sizes[0])
                    fit.Fit(Simulate(0), cancel); // compiles the kernels, as a server has done long ago
                var law = GrowthLaw.Of(fit);
                rows.Add(Measure(fit, data, null, $"scale.{fit.Name}.{size}M", law, smallest, fit.Name, cancel));
                if (size == sizes[0] && law.GrowsWithModelledMovies)
                    foreach (var modelled in ModelledMovies.Where(m => m <= data.Movies.Count))
                        rows.Add(Measure(fit, data, modelled, $"scale.{fit.Name}.{modelled}-movies", law, smallest, $"{fit.Name} by movies", cancel));
            }
        }

        return rows;
    }

    private static BenchmarkRow Measure(
        ShortFit fit, InteractionSet data, int? modelled, string name, GrowthLaw law, Dictionary<string, (double Seconds, double Work)> smallest, string series, CancellationToken cancel)
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true); // gives what the last fit held back to the system
        PeakMemory.Reset();
        var (started, cpu) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        fit.Fit(data, cancel, modelled);
        var (seconds, cpuSeconds) = (Stopwatch.GetElapsedTime(started).TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds);
        var peak = PeakMemory.MiB();
        var work = law.Work(data, modelled);
        if (smallest.TryAdd(series, (seconds, work)))
            return new(name, seconds, "s", CpuSeconds: cpuSeconds, PeakMiB: peak);
        var (first, firstWork) = smallest[series];
        return new(name, seconds, "s", $"the smallest size's time, grown with {law.Meaning}", first * work / firstWork, CpuSeconds: cpuSeconds, PeakMiB: peak);
    }

    /// <summary>A set of so many million ratings; 0 for one of 40,000.</summary>
    private static InteractionSet Simulate(int millions)
    {
        var size = Math.Max(millions, 0.04);
        return TrainingSet.Of(new SimulatedWorld(Users: (int)(PeoplePerMillion * size), Movies: (int)(MoviesPerRoot * Math.Sqrt(size)), MeanRatings: RatingsPerPerson).ToDataSet());
    }
}
