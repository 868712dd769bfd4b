using System.CommandLine;
using System.Globalization;
using Recs.Host.CommandLine;
using Recs.Training.Evaluating;
using Recs.Training.Evaluating.Protocols;
using Recs.Training.Fitting;
using Recs.Training.Reranking;

namespace Recs.Host.Evaluating;

/// <summary>The options of <c>recs evaluate</c> that say what to judge and how.</summary>
internal static class EvaluationOptions
{
    private const string Every = "all";
    private static readonly Option<string> Models = new("--models") { HelpName = "A,B|all", DefaultValueFactory = _ => Every, Description = $"Models: {string.Join(", ", Recommenders.All.Select(r => r.Name))}." };
    private static readonly Option<string> Protocol = Choice("--protocol", [.. ProtocolNames.All, Every],
        "How the data is cut. leave-last-out: each user's last rating is to be found among all movies that the user has not rated. temporal: what is rated in the last tenth of time is to be found, knowing the first eight. "
        + "random: each rating is, with a probability of 1 in 10, left out and predicted. users: each person is, with a probability of 1 in 10, new to the models, with 0 to 10 ratings given. all: one after the other.");
    private static readonly Option<string> Ks = new("--k") { HelpName = "N,N", DefaultValueFactory = _ => "5,10,20", Description = "Lengths of the lists." };
    private static readonly Option<int> Folds = new("--folds") { HelpName = "N", DefaultValueFactory = _ => 1, Description = "Of the protocol random: 1 predicts a tenth of the ratings, 2 to 20 predict each rating once, in so many fits." };
    private static readonly Option<ulong> Seed = new("--seed") { HelpName = "N", DefaultValueFactory = _ => 1, Description = "Key of every random draw." };
    private static readonly Option<string> Ties = Choice("--ties", ["file", "hash"], "Which of several ratings of the same time comes last: by position in the file, or by a hash, which shows how much of a figure hangs on the file's order.");
    private static readonly Option<int> Parallel = new("--parallel") { HelpName = "N", DefaultValueFactory = _ => 1, Description = "Fits at once. With more than one, processor time and memory of a fit are not told." };
    private static readonly Option<long?> Memory = new("--memory") { HelpName = "MIB", Description = "Bound on the estimated memory of all that runs at once. [default: half of the machine's]" };
    private static readonly Option<string[]> Set = new("--set") { HelpName = "MODEL.OPTION=VALUE", Description = "A hyper-parameter of a model, such as ease.ridge=300; may be given more than once." };
    private static readonly Option<string> Rerank = new("--rerank") { HelpName = "[MODEL+]NAME:WEIGHT,...", Description = $"Judge lists also as a re-ranker chooses them: mmr:0.3 those of each model, ease+mmr:0.3 those of one. Re-rankers: {string.Join(", ", Rerankers.Names)}; weights above 0 and at most 1." };
    private static readonly Option<bool> Twice = new("--twice") { Description = "Fit again on another number of threads and tell whether the bytes are the same; not the models that take long, such as sasrec." };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Option> All { get; } = [Models, Protocol, Ks, Folds, Seed, Ties, Parallel, Memory, Set, Rerank, Twice];

    /// <summary>What was asked for: a plan per protocol. With <c>all</c> and folds the protocol random is in it twice: one draw, then the folds.</summary>
    /// <exception cref="UsageException">It is not valid.</exception>
    /// <param name="run">The command line.</param>
    /// <param name="slates">Receives the judged lists; null for nobody.</param>
    /// <param name="predictions">Receives the predicted ratings; null for nobody.</param>
    public static IReadOnlyList<EvaluationPlan> Read(Run run, TextWriter? slates = null, TextWriter? predictions = null)
    {
        var folds = Between("--folds", run.Get(Folds), 1, 20);
        return run.Get(Protocol) is not Every
            ? [Read(run, Asked.For(() => ProtocolNames.Named(run.Get(Protocol)!, folds)), slates, predictions)]
            : [.. ProtocolNames.All.SelectMany(name => name == "random" && folds > 1 ? [ProtocolNames.Named(name), ProtocolNames.Named(name, folds)] : new[] { ProtocolNames.Named(name) })
                .Select(protocol => Read(run, protocol, slates, predictions))];
    }

    private static EvaluationPlan Read(Run run, IProtocol protocol, TextWriter? slates, TextWriter? predictions)
    {
        var names = run.Get(Models) is Every ? [.. Recommenders.All.Select(r => r.Name)] : run.Get(Models)!.Split(',');
        if (names.GroupBy(name => name).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new UsageException($"--models names {twice.Key} twice: name it once.");
        var set = ParseSet(run.Get(Set));
        List<Contestant> contestants = [.. names.Select(name => ContestantOf(Asked.For(() => Recommenders.Named(name)), set.GetValueOrDefault(name)))];
        if (set.Keys.FirstOrDefault(model => contestants.TrueForAll(c => c.Recommender.Name != model)) is { } unknown)
            throw new UsageException($"--set names the model '{unknown}', which is not among those that are judged: {string.Join(", ", contestants.Select(c => c.Recommender.Name))}.");
        var plan = new EvaluationPlan(contestants)
        {
            Protocol = protocol,
            Ks = [.. run.Get(Ks)!.Split(',').Select(ParseK).Distinct().Order()],
            Seed = run.Get(Seed),
            Ties = run.Get(Ties) == "hash" ? TimeTies.Hash : TimeTies.File,
            Parallel = Between("--parallel", run.Get(Parallel), 1, 64),
            Twice = run.Get(Twice),
            Rerank = run.Get(Protocol) is Every && protocol.PredictsRatings ? [] : [.. (run.Get(Rerank)?.Split(',') ?? []).Select(text => Asked.For(() => RerankedModel.Parse(text))).Distinct()],
            Slates = slates,
            Predictions = predictions,
        };
        if (run.Get(Memory) is { } mebibytes)
            plan = plan with { MemoryMiB = mebibytes >= 1 ? mebibytes : throw new UsageException($"--memory {mebibytes} is not at least 1 MiB.") };
        return Asked.For(() =>
        {
            plan.Check();
            return plan;
        });
    }

    private static Contestant ContestantOf(IRecommender recommender, Dictionary<string, string>? options)
    {
        SetPairs.Check([recommender], options ?? []);
        return Contestant.Of(recommender, options);
    }

    private static Dictionary<string, Dictionary<string, string>> ParseSet(string[]? given)
    {
        var set = new Dictionary<string, Dictionary<string, string>>(StringComparer.Ordinal);
        foreach (var (name, value) in SetPairs.Read(given, "MODEL.OPTION=VALUE"))
        {
            if (name.Split('.', 2) is not [{ Length: > 0 } model, { Length: > 0 } option])
                throw new UsageException($"--set '{name}={value}' is not MODEL.OPTION=VALUE.");
            if (!set.TryGetValue(model, out var options))
                set[model] = options = new(StringComparer.Ordinal);
            options[option] = value;
        }

        return set;
    }

    private static int ParseK(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var k) && k is >= 1 and <= 1000
        ? k
        : throw new UsageException($"--k '{text}' is not a whole number from 1 to 1000.");

    private static int Between(string name, int value, int least, int most)
        => value >= least && value <= most ? value : throw new UsageException($"{name} {value} is not from {least} to {most}.");

    private static Option<string> Choice(string name, IReadOnlyList<string> choices, string description)
    {
        var option = new Option<string>(name) { HelpName = string.Join('|', choices), DefaultValueFactory = _ => choices[0], Description = description };
        option.AcceptOnlyFromAmong([.. choices]);
        return option;
    }
}
