using Recs.Contracts.Registry;
using Recs.Training.Artifacts;
using Recs.Training.Evaluating;
using Recs.Training.Evaluating.Protocols;
using Recs.Training.Fitting;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;
using Recs.Training.Tuning;

namespace Recs.Training.Tests.Tuning;

public class TuneOptionsTests
{
    private static readonly InteractionSet Data = GeneratedData.Interactions(users: 40, perUser: 15);

    [Theory]
    [InlineData("item-knn")]
    [InlineData("knn-baseline")]
    public async Task What_models_are_judged_by_in_the_end_changes_no_trial_and_no_choice(string model)
    {
        var plan = TuningPlan.Of(Recommenders.Named(model), trials: 9);
        IProtocol protocol = plan.Metric == TuningMetric.Rmse ? new RandomRatings() : new LeaveLastOut();
        var altered = WithOtherHeldOut(protocol);
        var (first, second) = (await TuneAsync(Data, plan), await TuneAsync(altered, plan));
        altered.Sha256.ShouldNotBe(Data.Sha256);
        Facts(second).ShouldBe(Facts(first));
        second.TuningId.ShouldBe(first.TuningId);
    }

    [Fact]
    public async Task The_choice_is_the_best_on_everybody_and_the_defaults_were_judged_beside_it()
    {
        var report = await TuneAsync(Data, TuningPlan.Of(Recommenders.Named("item-knn"), trials: 9));
        var last = report.Trials.Where(t => t.Share == 1).ToList();
        var tuned = report.Tuned.ShouldNotBeNull();
        tuned.Value.ShouldBe(last.Max(t => t.Value!.Value));
        tuned.BuiltInValue.ShouldBe(last.Single(t => t.Trial == 0).Value);
        tuned.Options.Keys.ShouldBe(SearchSpace.Of(Recommenders.Named("item-knn"), TuningMetric.Ndcg).Select(o => o.Name), ignoreOrder: true);
    }

    [Fact]
    public async Task A_trial_s_figure_is_the_evaluator_s()
    {
        var report = await TuneAsync(Data, TuningPlan.Of(Recommenders.Named("item-knn"), trials: 1));
        var keep = new bool[Data.Count];
        var held = Histories.Of(Data);
        for (var i = 0; i < keep.Length; i++)
            keep[i] = Data.Movie[i] != held.Of(Data.User[i])[^1];
        var evaluation = new EvaluateModels(TimeProvider.System).Run("data", Data.Where(keep), new([Contestant.Of(Recommenders.Named("item-knn"))]) { Ks = [10] }, new());
        report.Trials.Single().Value!.Value.ShouldBe(evaluation.Rows.Single().Ndcg!.Value, 1e-12);
    }

    [Fact]
    public async Task A_tuning_that_was_stopped_goes_on_and_ends_as_one_that_was_not()
    {
        var plan = TuningPlan.Of(Recommenders.Named("item-knn"), trials: 9, seed: 3);
        var whole = await TuneAsync(Data, plan);
        using var stop = new CancellationTokenSource();
        var log = new Kept { AfterThree = stop.Cancel };
        await Should.ThrowAsync<OperationCanceledException>(() => TuneAsync(Data, plan, log, stop.Token));
        log.Trials.Count.ShouldBe(3);
        log.AfterThree = () => { };
        var resumed = await TuneAsync(Data, plan, log);
        Facts(resumed).ShouldBe(Facts(whole));
        log.Trials.Count.ShouldBe(whole.Trials.Count, "no trial was judged twice");
    }

    [Fact]
    public async Task No_trial_begins_after_the_budget_and_nothing_is_chosen_then()
    {
        var log = new Kept();
        var report = await TuneAsync(Data, TuningPlan.Of(Recommenders.Named("item-knn")) with { Budget = TimeSpan.Zero }, log);
        (report.Trials.Count, report.Tuned, log.Trials.Count).ShouldBe((0, null, 0));
    }

    [Fact]
    public async Task A_trial_whose_fit_diverges_is_kept_with_the_reason_and_not_chosen()
    {
        var plan = new TuningPlan(new Brittle(), TuningMetric.Ndcg, 3);
        var report = await TuneAsync(Data, plan);
        report.Trials.Where(t => t.Value is null).ShouldNotBeEmpty();
        report.Trials.Where(t => t.Value is null).ShouldAllBe(t => t.Failure!.Contains("diverged"));
        report.Tuned!.Trial.ShouldBe(0);
    }

    [Fact]
    public void What_cannot_be_tuned_is_refused()
    {
        Should.Throw<ArgumentException>(() => TuningPlan.Of(Recommenders.Named("item-knn"), TuningMetric.Rmse)).Message.ShouldContain("predicts no ratings");
        Should.Throw<ArgumentException>(() => TuningPlan.Of(Recommenders.Named("item-knn"), trials: 0)).Message.ShouldContain("1 to 1000");
    }

    private static Task<TuningReport> TuneAsync(InteractionSet data, TuningPlan plan, ITuningLog? log = null, CancellationToken cancel = default)
        => new TuneOptions(TimeProvider.System).RunAsync("data", data, plan, log ?? new Kept(), new(Cancel: cancel));

    /// <summary>All that a tuning found but for what a clock says.</summary>
    private static string Facts(TuningReport report) => string.Join('\n', report.Trials.Select(t => $"{t.Trial} {t.Rung} {t.Value:R} {string.Join(' ', t.Options)}"))
        + $"\n{report.Tuned!.Trial} {report.Tuned.Value:R} {string.Join(' ', report.Tuned.Options)}";

    /// <summary>The same data set, but every rating that is held out has other stars.</summary>
    private static InteractionSet WithOtherHeldOut(IProtocol protocol)
    {
        var held = protocol.Cut(Data, 1)[0].People.SelectMany(p => p.Targets.Select(movie => (p.User, movie))).ToHashSet();
        var builder = new InteractionSetBuilder();
        for (var i = 0; i < Data.Count; i++)
        {
            var stars = Data.HalfStars[i];
            // Of several ratings of one movie only some may be held out; protocol.Cut says which movies, and a movie rated once leaves no doubt.
            var isHeld = held.Contains((Data.User[i], Data.Movie[i])) && Times(i) == 1;
            builder.Add(Data.Users[Data.User[i]], Data.Movies[Data.Movie[i]], isHeld ? (byte)(11 - stars) : stars, Data.At[i]);
        }

        return builder.Build();
    }

    private static int Times(int interaction)
    {
        var times = 0;
        for (var i = 0; i < Data.Count; i++)
            times += Data.User[i] == Data.User[interaction] && Data.Movie[i] == Data.Movie[interaction] ? 1 : 0;
        return times;
    }

    private sealed class Kept : ITuningLog
    {
        public List<TuningTrialEnded> Trials { get; } = [];
        public Action AfterThree { get; set; } = () => { };

        public Task<IReadOnlyList<TuningTrialEnded>> TrialsAsync(string tuningId, CancellationToken cancel)
            => Task.FromResult<IReadOnlyList<TuningTrialEnded>>([.. Trials.Where(t => t.TuningId == tuningId)]);

        public Task AddAsync(TuningTrialEnded trial, CancellationToken cancel)
        {
            Trials.Add(trial);
            if (Trials.Count == 3)
                AfterThree();
            return Task.CompletedTask;
        }

        public Task AddAsync(OptionsTuned tuned, CancellationToken cancel) => Task.CompletedTask;
    }

    /// <summary>Diverges for every rate but the default.</summary>
    private sealed class Brittle : IRecommender
    {
        private readonly IRecommender _inner = Recommenders.Named("popularity");
        public string Name => "brittle";
        public string Summary => "Fits one rate.";
        public int FormatVersion => 1;
        public IReadOnlyList<OptionDescription> Options { get; } = [new("rate", "learning rate", 0.1, 10, 1, "a test")];

        public Artifact Fit(InteractionSet data, OptionValues options, ulong seed, FitRun run)
            => options["rate"] == 1 ? _inner.Fit(data, OptionValues.Parse(_inner.Options), seed, run) : throw new DivergedException("learn", 1, double.NaN);

        public IScorer Open(ArtifactFiles files) => _inner.Open(files);
    }
}
