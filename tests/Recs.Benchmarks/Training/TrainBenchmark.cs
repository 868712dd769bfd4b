using System.Diagnostics;
using Recs.Commands.Importing;
using Recs.Commands.Importing.Formats;
using Recs.Commands.Simulating;
using Recs.Training.Evaluating.Costs;
using Recs.Training.Fitting;
using Recs.Training.Numerics;
using Recs.Training.Snapshots;

namespace Recs.Benchmarks.Training;

/// <summary>Every model's fit (<see cref="ShortFit"/>) on the data set that was given, else on simulated people as many as MovieLens 1M has.</summary>
internal static class TrainBenchmark
{
    private static readonly SimulatedWorld LikeMovieLens1M = new(Users: 6_040, Movies: 3_706, MeanRatings: 166);

    public static Task<IReadOnlyList<BenchmarkRow>> RunAsync(BenchmarkServer bench, CancellationToken cancel)
        => Task.Run<IReadOnlyList<BenchmarkRow>>(
            () =>
            {
                var data = TrainingSet.Of(bench.Arguments.Data is { } folder ? DataSetReader.Read(folder, DataSetFormat.Auto, new RejectCounts()) : LikeMovieLens1M.ToDataSet());
                bench.Say($"  {data.Count:N0} interactions of {data.Users.Count:N0} users and {data.Movies.Count:N0} movies");
                return [.. ShortFit.Of(bench.Arguments.Models).Select(fit => Row(fit, data, cancel))];
            }, cancel);

    private static BenchmarkRow Row(ShortFit fit, InteractionSet data, CancellationToken cancel)
    {
        fit.Fit(data, cancel); // compiles the kernels, as a server has done long ago
        PeakMemory.Reset();
        var (started, cpu) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        fit.Fit(data, cancel);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var cpuSeconds = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds;
        var recommender = fit.Model;
        var (baseline, baselineSeconds) = recommender.Name switch
        {
            "linear-autoregression" => MatrixWork(data.Movies.Count, 7.0 / 3), // Cholesky n^3 / 3, two triangular solves n^3 each
            "ease" => MatrixWork(data.Movies.Count, 1), // Cholesky, inverse of the factor, its product with itself: n^3 / 3 each
            "blend" => MatrixWork(data.Movies.Count, 2 * (1 + (7.0 / 3))), // both members twice
            "svd" => FactorArithmetic(recommender, data, perFactor: 8), // dot product, and a product and a fused multiply-add for each of two rows
            "svd-plus-plus" => FactorArithmetic(recommender, data, perFactor: 25), // two sums of rows, dot product, a sum and two steps of a person, three steps of a movie
            "nmf" => FactorArithmetic(recommender, data, perFactor: 2 * (16 + 4)), // both sides, half a square matrix, a sum of rows and a dot product
            "item-knn" or "knn-baseline" => ("adding up its pairs of movies alone, all cores", CountingPairs(data)),
            "als" => FactorArithmetic(recommender, data, perFactor: 2 * (1 + 3) * 4), // both sides, a start and three steps, a dot product and a sum each
            "bpr" => FactorArithmetic(recommender, data, perFactor: 12), // difference, dot product, and a product and a fused multiply-add for each of three rows
            _ => NetworkWork.Of(fit, data) is { } operations ? ("its matrix products at the speed of the product kernel, all cores", operations * ProductSeconds()) : ("one fold of the histories", Folding(data)),
        };
        return new($"train.{fit.Name}", seconds, "s", baseline, baselineSeconds, CpuSeconds: cpuSeconds, PeakMiB: PeakMemory.MiB());
    }

    private static double Folding(InteractionSet data)
    {
        var started = Stopwatch.GetTimestamp();
        Histories.Of(data);
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static double CountingPairs(InteractionSet data)
    {
        var movies = data.Movies.Count;
        var pairs = new CoOccurrences(Histories.Of(data), [.. Enumerable.Range(0, movies)], movies);
        var started = Stopwatch.GetTimestamp();
        Workers.Run(Environment.ProcessorCount, Environment.ProcessorCount, worker =>
        {
            var counts = new int[movies];
            for (var row = worker; row < movies; row += Environment.ProcessorCount)
                pairs.CountRow(row, counts);
        });
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>A fit's matrix operations at the speed of the product kernel on all cores.</summary>
    /// <param name="movies">Movies of the data set; 5,000 are modelled at most.</param>
    /// <param name="cubes">Operations over the cube of the modelled movies.</param>
    private static (string, double) MatrixWork(int movies, double cubes)
    {
        var n = Math.Min(movies, 5_000);
        return ("its matrix operations at the speed of the product kernel, all cores", cubes * n * n * n * ProductSeconds());
    }

    /// <summary>Seconds of an operation of the product kernel on all cores.</summary>
    private static double ProductSeconds()
    {
        using Matrix a = new(1536, 1536), b = new(1536, 1536), c = new(1536, 1536);
        var best = double.MaxValue;
        for (var run = 0; run < 4; run++)
        {
            var started = Stopwatch.GetTimestamp();
            MatrixProduct.Add(new(InstructionSets.Chosen, Environment.ProcessorCount), a, b, c);
            best = Math.Min(best, Stopwatch.GetElapsedTime(started).TotalSeconds / (2.0 * 1536 * 1536 * 1536));
        }

        return best;
    }

    /// <summary>A factor model's arithmetic at the speed of registers alone.</summary>
    /// <param name="recommender">Its defaults say how many factors and iterations.</param>
    /// <param name="data">Data set.</param>
    /// <param name="perFactor">Operations per iteration, interaction and factor.</param>
    private static (string, double) FactorArithmetic(IRecommender recommender, InteractionSet data, int perFactor)
    {
        var options = OptionValues.Parse(recommender.Options);
        var operations = options["iterations"] * options["factors"] * data.Count * perFactor;
        return ("its arithmetic on registers alone, all cores", operations / (PeakArithmetic.GigaflopsPerSecond(InstructionSets.Chosen) * 1e9 * Environment.ProcessorCount));
    }
}
