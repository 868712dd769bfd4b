using System.Text.Json;
using Recs.Contracts;
using Recs.Contracts.Registry;
using Recs.Contracts.Users;
using Recs.EventStore;
using Recs.Projections;
using Recs.Projections.UserHistory;
using Recs.Queries.Catalogue;
using Recs.Queries.Models;
using Recs.Queries.Serving;
using Recs.Queries.UserStates;
using Recs.Training.Artifacts;
using Recs.Training.Fitting;

namespace Recs.Queries.Tests.Golden;

/// <summary>A slate as it was once recorded, and what it was made from: a line of <c>slates.jsonl</c>.</summary>
/// <param name="Model">Kind of model.</param>
/// <param name="Options">Every option, so that a change of a default is no change of the slate.</param>
/// <param name="ContentHash">Address of the artifact that the fit gave then.</param>
/// <param name="Facts">The person's stream: <c>person GENDER AGE</c>, <c>rate MOVIE STARS</c>, <c>watch MOVIE</c>.</param>
/// <param name="Event">The body of <c>recommendation_served</c>.</param>
/// <param name="Described">Whether age and gender of the people in the data set are known.</param>
public sealed record GoldenSlate(string Model, IReadOnlyDictionary<string, string> Options, string ContentHash, IReadOnlyList<string> Facts, JsonElement Event, bool Described = false)
{
    private const int Items = 6;

    private static readonly string Lines = Path.Combine(AppContext.BaseDirectory, "Golden", "slates.jsonl");

    /// <summary>Every golden slate.</summary>
    public static IReadOnlyList<GoldenSlate> All => [.. File.ReadLines(Lines).Select(line => JsonSerializer.Deserialize<GoldenSlate>(line)!)];

    /// <summary>The same slate, made by the code of today.</summary>
    public GoldenSlate Again()
    {
        var folder = Directory.CreateTempSubdirectory("recs-golden-").FullName;
        try
        {
            var (recommender, store) = (Recommenders.Named(Model), new ArtifactStore(folder));
            using var artifact = recommender.Fit(Described ? GoldenData.Described : GoldenData.Interactions, OptionValues.Parse(recommender.Options, Options), 1, new FitRun());
            var hash = store.Put(artifact).ContentHash;
            using var scorer = recommender.Open(store.Open(hash));
            return this with { ContentHash = hash, Event = Serve(new LiveModel(Manifest(hash), scorer, GoldenData.Numbers)) };
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

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
