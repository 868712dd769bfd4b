using System.Diagnostics;
using Recs.Commands.Importing;
using Recs.Commands.Importing.Formats;
using Recs.Commands.Simulating;
using Recs.Training.Fitting;
using Recs.Training.Numerics;
using Recs.Training.Snapshots;

namespace Recs.Benchmarks.Training;

/// <summary>Every model's fit on the data set that was given, else on simulated people as many as MovieLens 1M has.</summary>
internal static class TrainBenchmark
{
    private static readonly SimulatedWorld LikeMovieLens1M = new(Users: 6_040, Movies: 3_706, MeanRatings: 166);

    public static Task<IReadOnlyList<BenchmarkRow>> RunAsync(BenchmarkServer bench, CancellationToken cancel)
        => Task.Run<IReadOnlyList<BenchmarkRow>>(
            () =>
            {
                var data = Read(bench.Arguments.Data);
                bench.Say($"  {data.Count:N0} interactions of {data.Users.Count:N0} users and {data.Movies.Count:N0} movies");
                return [.. Recommenders.All.Select(r => Row(r, data, cancel))];
            }, cancel);

    private static BenchmarkRow Row(IRecommender recommender, InteractionSet data, CancellationToken cancel)
    {
        Fit(recommender, data, cancel); // compiles the kernels, as a server has done long ago
        PeakMemory.Reset();
        var (started, cpu) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        Fit(recommender, data, cancel);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var cpuSeconds = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds;
        var (baseline, baselineSeconds) = recommender.Name == "linear-autoregression" ? MatrixWork(data.Movies.Count) : ("one fold of the histories", Folding(data));
        return new($"train.{recommender.Name}", seconds, "s", baseline, baselineSeconds, CpuSeconds: cpuSeconds, PeakMiB: PeakMemory.MiB());
    }

    private static void Fit(IRecommender recommender, InteractionSet data, CancellationToken cancel)
        => recommender.Fit(data, OptionValues.Parse(recommender.Options), 1, new FitRun(Cancel: cancel)).Dispose();

    private static double Folding(InteractionSet data)
    {
        var started = Stopwatch.GetTimestamp();
        Histories.Of(data);
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>The regression's own operations (Cholesky n^3 / 3, two triangular solves n^3 each) at the speed of the product kernel on all cores.</summary>
    private static (string, double) MatrixWork(int movies)
    {
        var n = Math.Min(movies, 5_000);
        using Matrix a = new(1536, 1536), b = new(1536, 1536), c = new(1536, 1536);
        var best = double.MaxValue;
        for (var run = 0; run < 4; run++)
        {
            var started = Stopwatch.GetTimestamp();
            MatrixProduct.Add(new(InstructionSets.Chosen, Environment.ProcessorCount), a, b, c);
            best = Math.Min(best, Stopwatch.GetElapsedTime(started).TotalSeconds / (2.0 * 1536 * 1536 * 1536));
        }

        return ("its matrix operations at the speed of the product kernel, all cores", 7.0 / 3 * n * n * n * best);
    }

    private static InteractionSet Read(string? folder)
    {
        var set = folder is null ? LikeMovieLens1M.ToDataSet() : DataSetReader.Read(folder, DataSetFormat.Auto, new RejectCounts());
        var builder = new InteractionSetBuilder(set.Ratings.Count);
        foreach (var row in RatingOrder.Of(set.Ratings))
            builder.Add(set.UserIds[set.Ratings.Users[row]], set.MovieIds[set.Ratings.Movies[row]], set.Ratings.HalfStars[row], set.Ratings.Seconds[row] * 1000L);
        var rated = builder.Build();
        return rated.WithGenres(MovieGenres.Of(rated.Movies, set.Movies.Select(m => (m.MovieId, m.Genres))));
    }
}
