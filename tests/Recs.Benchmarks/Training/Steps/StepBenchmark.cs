using System.Diagnostics;
using Recs.Training.Features;
using Recs.Training.Fitting;
using Recs.Training.Neural;
using Recs.Training.Numerics;
using Recs.Training.SasRec;
using Recs.Training.Snapshots;
using Recs.Training.Vae;

namespace Recs.Benchmarks.Training.Steps;

/// <summary>
/// A step of a network's training on one thread, from reading the histories to moving the parameters, beside its matrix products alone. Both are told in operations of those products per second of
/// processor time, so their ratio is the share of a step's time that goes into matrix products.
/// </summary>
internal static class StepBenchmark
{
    private const string Alone = "its matrix products alone, in the same shapes and as often";
    private const int Movies = 3_706;
    private const int People = 16;
    private const int Window = 200;
    private const int Seed = 1;
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(2);

    /// <summary>The rows of an instruction set.</summary>
    /// <param name="isa">Instruction set.</param>
    /// <param name="cancel">Ends the measuring.</param>
    public static IEnumerable<BenchmarkRow> Measure(Isa isa, CancellationToken cancel)
    {
        var data = FullWindows();
        var histories = Histories.Of(data);
        var people = AnonymousOrder.Of(histories);
        var kept = new KeptBack(histories, people); // too few people for any of them to be kept back
        yield return SasRec(new(Threads: 1, isa, Cancel: cancel), data, histories);
        yield return Vae(new(Threads: 1, isa, Cancel: cancel), data, histories, people, kept);
    }

    /// <summary>Sixteen windows of two hundred movies, everything else by default.</summary>
    private static BenchmarkRow SasRec(FitRun run, InteractionSet data, Histories histories)
    {
        var options = OptionValues.Parse(new SasRecRecommender().Options, new Dictionary<string, string> { ["window"] = $"{Window}" });
        var seen = SeenMovies.Of(data, histories);
        var features = MovieFeatures.Of([.. seen.Seen], (int)options["words"]);
        var network = new SasRecNetwork(SasRecShape.Of(options, seen.Count, features.Rows));
        var dropped = new SasRecDropout(new(new(Seed, 3), options["dropout"]), new(new(Seed, 4), options["drop-own"]));
        var epoch = new WindowEpoch(network, SasRecLesson.Of(histories, seen, features), People * Window, dropped, new(Seed, 2), 0);
        return Row("sasrec", run, network.Layout, epoch, part =>
        {
            var (products, shape, windows) = (new StepProducts(run.Compute.Isa), network.Shape, epoch.Told(0, part).Count() / Window);
            for (var block = 0; block < shape.Blocks; block++)
            {
                products.AddDense(windows * Window, shape.Width, 3 * shape.Width);
                for (var window = 0; window < windows; window++)
                    products.AddAttention(Window, shape.Width, shape.Heads);
                products.AddDense(windows * Window, shape.Width, shape.Width);
                products.AddDense(windows * Window, shape.Width, shape.Mixing);
                products.AddDense(windows * Window, shape.Mixing, shape.Width);
            }

            products.AddCatalogue(windows * Window, shape.Width, Movies);
            return products;
        });
    }

    /// <summary>A step of the default size.</summary>
    private static BenchmarkRow Vae(FitRun run, InteractionSet data, Histories histories, int[] people, KeptBack kept)
    {
        var options = OptionValues.Parse(new VaeRecommender().Options, new Dictionary<string, string> { ["block"] = "1" }); // so that an epoch has a whole step
        var reading = new PersonReading(
            HistoryScales.Of(options), new(data.Genres), PersonGroups.Of([.. people.Select(user => data.Demographics[user])]), [.. Enumerable.Repeat(true, Movies)]);
        var network = new VaeNetwork(VaeShape.Of(options, Movies, reading.Genres.Count, reading.Groups.Count));
        var lesson = new VaeLesson(data, histories, kept, options, Seed);
        return Row("vae", run, network.Layout, new VaeEpoch(network, reading, lesson, 0, 1), _ =>
        {
            var (products, shape, rows) = (new StepProducts(run.Compute.Isa), network.Shape, lesson.Batch / GradientDescent.Parts);
            var bags = shape.Scales * shape.Width;
            products.AddDense(rows, bags, shape.Hidden);
            products.AddDense(rows, shape.Hidden + bags, shape.Width);
            products.AddDense(rows, shape.Hidden, shape.Width);
            products.AddCatalogue(rows, shape.Width, Movies);
            return products;
        });
    }

    private static BenchmarkRow Row(string model, FitRun run, ParameterLayout layout, IEpoch epoch, Func<int, StepProducts> productsOf)
    {
        using var descent = new GradientDescent(layout.Draw(new(Seed, 1)), new(1e-6)); // so small a rate that the numbers stay as they are
        StepProducts[] products = [.. Enumerable.Range(0, GradientDescent.Parts).Select(productsOf)];
        var operations = products.Sum(part => part.Operations);
        var step = Best(once => descent.Run(run, new FirstStepAgain(epoch), 0, _ => 1, (_, _) => once()));
        var alone = Best(once =>
        {
            for (var time = 0; time < FirstStepAgain.Times; time++, once())
                foreach (var part in products)
                    part.Run();
        });
        foreach (var part in products)
            part.Dispose();
        return new($"kernels.{model}-step.{run.Compute.Isa.ToString().ToLowerInvariant()}", operations / step / 1e9, "GFLOP/s", Alone, operations / alone / 1e9);
    }

    /// <summary>Processor seconds of the quickest time between two calls of what <paramref name="repeat"/> is given.</summary>
    private static double Best(Action<Action> repeat)
    {
        var (best, started) = (double.MaxValue, Stopwatch.GetTimestamp());
        do
        {
            TimeSpan? last = null;
            repeat(() =>
            {
                var now = Environment.CpuUsage.TotalTime;
                best = last is { } before ? Math.Min(best, (now - before).TotalSeconds) : best;
                last = now;
            });
        } while (Stopwatch.GetElapsedTime(started) < LongEnough);
        return best;
    }

    /// <summary>People who have all seen one movie more than a window has room for.</summary>
    private static InteractionSet FullWindows()
    {
        var builder = new InteractionSetBuilder(People * (Window + 1));
        for (var person = 0; person < People; person++)
            for (var i = 0; i <= Window; i++)
                builder.Add($"{person}", $"{((person * (Window + 1)) + (i * 17 % (Window + 1))) % Movies}", (byte)(1 + ((person + i) % 10)), i * 1000L);
        return builder.Build();
    }

    /// <summary>The first step of an epoch again and again, in memory that is there already.</summary>
    private sealed class FirstStepAgain(IEpoch epoch) : IEpoch
    {
        public const int Times = 8;

        public int Steps => Times;

        public double Loss(Tape tape, int step, int part) => epoch.Loss(tape, 0, part);
    }
}
