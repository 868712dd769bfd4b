using System.Text.Json;
using Recs.Contracts;
using Recs.Contracts.Registry;
using Recs.Contracts.Users;
using Recs.EventStore;
using Recs.Projections;
using Recs.Projections.UserHistory;
using Recs.Queries.Models;
using Recs.Queries.Serving;
using Recs.Queries.UserStates;
using Recs.Training.Artifacts;
using Recs.Training.Fitting;

namespace Recs.Queries.Tests.Golden;

/// <summary>A slate as it was once recorded, and what it was made from: a line of <c>slates.jsonl</c>.</summary>
/// <param name="Model">Kind of model.</param>
/// <param name="Options">Every option, so that a change of a default is no change of the slate.</param>
/// <param name="ContentHash">Address of the artifact in <c>models</c>.</param>
/// <param name="Facts">The person's stream: <c>person GENDER AGE</c>, <c>rate MOVIE STARS</c>, <c>watch MOVIE</c>.</param>
/// <param name="Event">The body of <c>recommendation_served</c>.</param>
/// <param name="Described">Whether age and gender of the people in the data set are known.</param>
public sealed record GoldenSlate(string Model, IReadOnlyDictionary<string, string> Options, string ContentHash, IReadOnlyList<string> Facts, JsonElement Event, bool Described = false)
{
    private const int Items = 6;

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Golden");

    /// <summary>The models of the golden slates, as they were fitted then.</summary>
    private static readonly ArtifactStore Store = new(Path.Combine(Folder, "models"));

    /// <summary>Every golden slate.</summary>
    public static IReadOnlyList<GoldenSlate> All => [.. File.ReadLines(Path.Combine(Folder, "slates.jsonl")).Select(line => JsonSerializer.Deserialize<GoldenSlate>(line)!)];

    /// <summary>Whether the code of today fits this kind of model as it did then; an older format is only read.</summary>
    public bool IsOfToday
    {
        get
        {
            if (ContentHash.Length == 0)
                return true; // a new line
            using var files = Store.Open(ContentHash);
            return files.FormatVersion == Recommenders.Named(Model).FormatVersion;
        }
    }

    /// <summary>The slate that the code of today makes of the model of then.</summary>
    public GoldenSlate ServedAgain()
    {
        using var scorer = Recommenders.Named(Model).Open(Store.Open(ContentHash));
        return this with { Event = Serve(new LiveModel(Manifest(ContentHash), scorer, GoldenData.Numbers)) };
    }

    /// <summary>The model that the code of today fits, beside the others in the tests' folder, and its slate.</summary>
    public GoldenSlate FittedAgain()
    {
        var recommender = Recommenders.Named(Model);
        var options = OptionValues.Parse(recommender.Options, NoNewMembers.Concat(Options).GroupBy(o => o.Key).ToDictionary(o => o.Key, o => o.Last().Value));
        using var artifact = recommender.Fit(Described ? GoldenData.Described : GoldenData.Interactions, options, 1, new FitRun());
        return (this with { ContentHash = Store.Put(artifact).ContentHash, Options = options.ToText() }).ServedAgain();
    }

    /// <summary>A kind of model that is younger than a blend is no member of it.</summary>
    private IEnumerable<KeyValuePair<string, string>> NoNewMembers
        => Model == "blend" ? Recommenders.All.Where(kind => kind.Name != Model).Select(kind => KeyValuePair.Create(kind.Name, "0")) : [];

    private JsonElement Serve(LiveModel model)
    {
        var (slate, text) = (new Slate(), new Utf8Text());
        var user = KnownUser.Of(Fold(), GoldenData.Numbers);
        slate.Find(model, GoldenData.Catalogue, user, SlateRules.None, Items);
        var query = new RecommendQuery("7", Items, null, null, [], 0, TimeSpan.Zero, false);
        var served = new ServedSlate(
            Guid.Parse("01234567-89ab-7def-8123-456789abcdef"), query, SlateRules.None, new(model, GoldenData.Catalogue, user, 500), "live", true, true, 0.5, DateTimeOffset.UnixEpoch);
        SlateText.WriteEvent(text, served, slate, "0123abcd");
        return JsonDocument.Parse(text.Written).RootElement;
    }

    private ModelTrained Manifest(string hash) => new(
        "t", Model, Model + "-v0.1", hash, "s", "d", 500, Options, 1, 1, "r", false, [], 1, 1, DateTimeOffset.UnixEpoch);

    private UserHistoryState Fold()
    {
        var (state, ids) = (UserHistoryState.Empty, new IdPool());
        foreach (var fact in Facts)
        {
            var (alias, body) = Read(fact.Split(' '));
            state = state.Apply(new RecordedEvent(state.Version + 1, default, "user-7", state.Version + 1, alias, body, default, null, null), ids);
        }

        return state;
    }

    private static (string Alias, byte[] Body) Read(string[] fact) => fact[0] switch
    {
        "person" => (EventAliases.UserRegistered, JsonSerializer.SerializeToUtf8Bytes(new UserRegistered("7", fact[1], int.Parse(fact[2])), EventJson.Default.UserRegistered)),
        "rate" => (EventAliases.MovieRated, JsonSerializer.SerializeToUtf8Bytes(new MovieRated("7", fact[1], double.Parse(fact[2]), DateTimeOffset.UnixEpoch), EventJson.Default.MovieRated)),
        _ => (EventAliases.MovieWatched, JsonSerializer.SerializeToUtf8Bytes(new MovieWatched("7", fact[1], 1, DateTimeOffset.UnixEpoch), EventJson.Default.MovieWatched)),
    };
}
