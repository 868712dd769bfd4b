using Recs.Training.Artifacts;
using Recs.Training.Blend;
using Recs.Training.Fitting;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.Tests.Blend;

public sealed class BlendTests : IDisposable
{
    private static readonly InteractionSet Data = GeneratedData.WithDemographics(GeneratedData.Interactions(genres: true));
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_other_kind_of_model_may_be_a_member()
        => Recommenders.Named("blend").Options.Select(o => o.Name).ShouldBe([.. Recommenders.All.Select(r => r.Name).Where(name => name != "blend"), "candidates", "refit"]);

    [Fact]
    public void A_blend_without_members_and_one_of_too_many_are_refused()
    {
        Should.Throw<InvalidDataException>(() => Fit(Only())).Message.ShouldContain("set popularity, ");
        Should.Throw<InvalidDataException>(() => Fit([.. Only(), ("als", "4"), ("bpr", "4"), ("svd", "4"), ("nmf", "4"), ("ease", "1")])).Message.ShouldContain("17 are asked for");
    }

    /// <summary>A lone member keeps its order whatever its weight, and its bytes are those of the model that stands alone.</summary>
    [Fact]
    public void A_blend_of_one_ranks_as_that_model_and_holds_its_very_bytes()
    {
        using Fitted blend = Fit(Only("ease")), alone = Fitted.Of("ease", Data);
        int[] history = [3, 14, 15, 9, 2];
        Order(blend.Scorer, history).ShouldBe(Order(alone.Scorer, history));
        using var artifact = Make("ease", Data);
        using var standing = ArtifactFiles.InMemory(artifact);
        using var files = Open(Make("blend", Data, Only("ease")));
        Bytes(files.Nested("member-0")).ShouldBe(Bytes(standing));
        files.Ids("members").Single().ShouldStartWith("ease\t1\twhole\t");
    }

    [Fact]
    public void Members_of_a_kind_have_seeds_of_their_own()
    {
        using var files = Open(Make("blend", Data, Only("bpr", "bpr"), ("bpr", "2")));
        files.Ids("members").Select(line => line.Split('\t')[1]).ShouldBe(["1", "2"]);
        Bytes(files.Nested("member-0")).ShouldNotBe(Bytes(files.Nested("member-1")));
    }

    [Theory]
    [InlineData("0", "held-out", 1)]
    [InlineData("1", "whole", 2)]
    public void Members_are_fitted_again_with_the_held_out_movies_if_that_is_asked_for(string refit, string fittedOn, int fits)
    {
        var seen = new List<string>();
        using var artifact = Recommenders.Named("blend").Fit(Data, Options([.. Only("ease"), ("refit", refit)]), 1, new(Threads: 1, Progress: new Listener(p => seen.Add(p.Phase))));
        using var files = ArtifactFiles.InMemory(artifact);
        files.Ids("members").Single().Split('\t')[2].ShouldBe(fittedOn);
        seen.Count(phase => phase == "ease: gram").ShouldBe(fits);
        seen.ShouldContain("weights: weigh");
    }

    [Fact]
    public void What_a_member_reaches_on_movies_that_it_does_not_learn_from_is_told_while_the_blend_is_fitted()
    {
        var told = new List<FitProgress>();
        using var artifact = Recommenders.Named("blend").Fit(Data, Options([.. Only("neural-cf"), ("refit", "0")]), 1, new(Threads: 1, Progress: new Listener(told.Add)));
        told.ShouldContain(p => p.Phase.StartsWith("neural-cf: ") && p.Validation > 0);
    }

    /// <summary>Without anybody's last movie: in what the members were fitted on it has never been seen.</summary>
    [Fact]
    public void A_held_out_movie_is_nowhere_in_what_the_members_were_fitted_on()
    {
        var held = HeldOutLast.Of(Data);
        var whole = Histories.Of(Data);
        held.People.Length.ShouldBe(Data.Users.Count);
        foreach (var user in held.People)
        {
            held.TargetOf(user).ShouldBe(whole.Of(user)[^1]);
            held.State(user).Movies.ToArray().ShouldBe(whole.Of(user)[..^1].ToArray());
        }
    }

    [Fact]
    public void Somebody_s_only_movie_is_not_held_out()
    {
        var builder = new InteractionSetBuilder();
        builder.Add("one", "a", 8, 1);
        builder.Add("two", "a", 8, 1);
        builder.Add("two", "b", 8, 2);
        var held = HeldOutLast.Of(builder.Build());
        held.Train.Count.ShouldBe(2);
        held.People.ShouldBe([1]);
        using var fitted = Fitted.Of("blend", builder.Build());
        fitted.Scores("a").Values.ShouldAllBe(score => float.IsFinite(score));
    }

    [Fact]
    public void A_member_that_knows_nothing_is_left_out_and_that_is_told()
    {
        using var artifact = Make("blend", Data, Only("als", "ease", "linear-autoregression"));
        artifact.Findings["member 1"].ShouldBe("als: left out, since it has nothing to add to the others"); // what comes next depends on the movie before, and als knows no order
        artifact.Findings["member 3"].ShouldStartWith("linear-autoregression, seed 1: ");
        artifact.Findings["member 3"].ShouldEndWith("fitted on everything");
        artifact.Findings["weights"].ShouldContain("those of 60 ");
        using var files = ArtifactFiles.InMemory(artifact);
        files.Ids("members").Select(line => line.Split('\t')[0]).ShouldBe(["ease", "linear-autoregression"]);
    }

    [Fact]
    public void The_shares_sum_to_the_score()
    {
        using var fitted = Fit(Only("linear-autoregression", "ease", "item-knn"));
        int[] history = [4, 8, 15, 16, 23, 7];
        var (scores, shares) = (new float[Data.Movies.Count], new float[history.Length]);
        fitted.Scorer.Score(new(history), scores);
        for (var movie = 0; movie < scores.Length; movie++)
        {
            fitted.Scorer.Explain(new(history), movie, shares).ShouldBeTrue();
            shares.Sum().ShouldBe(scores[movie], 1e-4f);
        }
    }

    [Fact]
    public void An_answer_does_not_depend_on_who_was_asked_about_before()
    {
        using var fitted = Fit(Only("ease", "knn-baseline"));
        UserState one = new([1, 2, 3], [10, 9, 8]), rated = new([1, 2, 3], [1, 1, 1]), other = new([5, 6]);
        float[] first = Scores(fitted.Scorer, one), shares = new float[3], again = new float[3];
        fitted.Scorer.Explain(one, 9, shares);
        Scores(fitted.Scorer, other);
        Scores(fitted.Scorer, rated);
        fitted.Scorer.Explain(one, 9, again);
        again.ShouldBe(shares);
        Scores(fitted.Scorer, one).ShouldBe(first);
    }

    [Fact]
    public void An_altered_byte_of_a_member_is_found_and_the_member_named()
    {
        var store = new ArtifactStore(_folder.Path);
        using var artifact = Make("blend", Data, Only("ease", "linear-autoregression"));
        var path = store.PathOf(store.Put(artifact).ContentHash);
        var bytes = File.ReadAllBytes(path);
        bytes[^5] ^= 1;
        File.WriteAllBytes(path, bytes);
        Should.Throw<DamagedArtifactException>(() => ArtifactFiles.Open(path)).Message.ShouldContain("section 'member-1'");
    }

    [Fact]
    public void A_member_that_is_no_model_or_of_an_unknown_kind_or_of_other_movies_is_refused()
    {
        using var noModel = ArtifactFiles.InMemory(Made(a => a.Add("member-0", (ReadOnlySpan<byte>)new byte[100]), "ease"));
        Should.Throw<DamagedArtifactException>(() => Recommenders.Named("blend").Open(noModel)).Message.ShouldContain("section 'member-0'");
        using var unknown = ArtifactFiles.InMemory(Made(a => a.Add("member-0", Open(Make("ease", Data))), "magic"));
        Should.Throw<DamagedArtifactException>(() => Recommenders.Named("blend").Open(unknown)).Message.ShouldContain("'magic'");
        using var others = ArtifactFiles.InMemory(Made(a => a.Add("member-0", Open(Make("ease", GeneratedData.Interactions(movies: 9)))), "ease"));
        Should.Throw<DamagedArtifactException>(() => Recommenders.Named("blend").Open(others)).Message.ShouldContain("other movies");
    }

    private static Artifact Made(Action<Artifact> addMember, string kind)
    {
        using var real = Make("blend", Data, Only("ease"));
        using var files = ArtifactFiles.InMemory(real);
        var made = new Artifact("blend", 1).Add("movies", Data.Movies.Ids).Add("popularity", files.Section<int>("popularity")).Add("members", [$"{kind}\t1\twhole\t"]).Add("weights", (ReadOnlySpan<double>)[0.0, 1.0]);
        addMember(made);
        return made;
    }

    /// <summary>Every kind of member at 0 but these, at 1.</summary>
    internal static (string, string)[] Only(params string[] members)
        => [.. Recommenders.All.Where(r => r.Name != "blend").Select(r => (r.Name, members.Contains(r.Name) ? "1" : "0"))];

    private static OptionValues Options(params (string Name, string Value)[] options)
        => OptionValues.Parse(Recommenders.Named("blend").Options, options.GroupBy(o => o.Name).ToDictionary(o => o.Key, o => o.Last().Value));

    private static Artifact Make(string model, InteractionSet data, (string, string)[]? options = null, params (string, string)[] more)
    {
        var recommender = Recommenders.Named(model);
        return recommender.Fit(data, model == "blend" ? Options([.. options ?? [], .. more]) : OptionValues.Parse(recommender.Options), 1, new(Threads: 1));
    }

    private static Fitted Fit((string Name, string Value)[] options) => Fitted.Of("blend", Data, [.. options.GroupBy(o => o.Name).Select(o => o.Last())]);

    private static ArtifactFiles Open(Artifact artifact)
    {
        using (artifact)
            return ArtifactFiles.InMemory(artifact);
    }

    private static byte[] Bytes(ArtifactFiles files)
    {
        using var bytes = new MemoryStream();
        files.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static int[] Order(IScorer scorer, int[] history)
    {
        var scores = Scores(scorer, new(history));
        return [.. Enumerable.Range(0, scores.Length).OrderByDescending(m => scores[m])];
    }

    private static float[] Scores(IScorer scorer, in UserState user)
    {
        var scores = new float[scorer.Movies.Count];
        scorer.Score(user, scores);
        return scores;
    }

    /// <summary>The scores of the movies of the fit stay to the bit; a new one has what the member that knows it adds, and is left to chance by nobody.</summary>
    [Fact]
    public void A_blend_with_a_member_that_reads_the_catalogue_scores_movies_that_came_after_the_training()
    {
        using var blend = Fit([.. Only("ease"), ("two-tower", "1"), ("refit", "0")]);
        var like = Data.Movies[3];
        var genres = Data.Genres.Of(3).ToArray().Select(genre => Data.Genres.Names[genre]).ToArray();
        using var wide = ((ICatalogueScorer)blend.Scorer).Over([new("a new one", default, genres), new("told by nothing", default, [])]);
        wide.Movies.Find("told by nothing").ShouldBe(-1);
        int[] history = [3, 14, 15, 9, 2];
        int[] widely = [.. history.Select(movie => wide.Movies.Find(Data.Movies[movie]))];
        float[] before = Scores(blend.Scorer, new(history)), after = Scores(wide, new(widely));
        for (var movie = 0; movie < before.Length; movie++)
            after[wide.Movies.Find(Data.Movies[movie])].ShouldBe(before[movie]);
        after[wide.Movies.Find("a new one")].ShouldNotBe(0);

        float[] shares = new float[history.Length], wideShares = new float[history.Length];
        blend.Scorer.Explain(new(history), 7, shares).ShouldBeTrue();
        wide.Explain(new(widely), wide.Movies.Find(Data.Movies[7]), wideShares).ShouldBeTrue();
        wideShares.ShouldBe(shares);

        // To ease this history is none: it must not answer with what is popular.
        int[] newAlone = [wide.Movies.Find("a new one")];
        using var towers = Fit([.. Only("two-tower"), ("refit", "0")]);
        using var wideTowers = ((ICatalogueScorer)towers.Scorer).Over([new("a new one", default, genres)]);
        Order(wide, newAlone)[..5].ShouldBe(Order(wideTowers, newAlone)[..5]);
        wide.Explain(new(newAlone), wide.Movies.Find(like), new float[1]).ShouldBeTrue();

        Scores(wide, default)[wide.Movies.Find("a new one")].ShouldBe(0);
        Scores(wide, default)[wide.Movies.Find(like)].ShouldBe(Scores(blend.Scorer, default)[3]);
    }

    [Fact]
    public void A_blend_whose_members_know_the_movies_of_the_fit_alone_stays_itself()
    {
        using var blend = Fit(Only("ease"));
        ((ICatalogueScorer)blend.Scorer).Over([new("a new one", default, ["Drama"])]).ShouldBeSameAs(blend.Scorer);
        blend.Scorer.ScorerVersion.ShouldBe(1);
    }

    private sealed class Listener(Action<FitProgress> hear) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => hear(value);
    }
}
