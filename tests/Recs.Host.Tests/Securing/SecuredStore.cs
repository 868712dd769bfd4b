using System.CommandLine;
using System.Net;
using Recs.Contracts;
using Recs.Contracts.Movies;
using Recs.Contracts.Recommendations;
using Recs.EventStore.Appending;
using Recs.Host.CommandLine;
using Recs.Host.Composition;
using Recs.Host.Configuring;
using Recs.Host.Listening;
using Recs.Host.Reporting;
using Recs.Host.Securing;
using Recs.Queries.Serving;
using Recs.Testing;
using Xunit;

namespace Recs.Host.Tests.Securing;

/// <summary>A log with one movie and one slate of one person's, over which the tests start services: in this process, on real sockets.</summary>
public sealed class SecuredStore : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("recs-secured-").FullName;
    private TestDatabase database = null!;
    private Settings settings = null!;
    private RecsStore store = null!;

    /// <summary>Whose data there are.</summary>
    public const string Owner = "owner";

    /// <summary>A movie of the catalogue.</summary>
    public const string Movie = "m1";

    /// <summary>A slate that was served to <see cref="Owner"/>.</summary>
    public Guid Request { get; } = Guid.CreateVersion7();

    /// <summary>The secret that services check tokens with.</summary>
    internal string SecretPath => Path.Combine(folder, "secret");

    public async Task InitializeAsync()
    {
        File.WriteAllBytes(SecretPath, TestTokens.Secret);
        database = await TestDatabase.CreateAsync();
        settings = Settings.Resolve(
            setting => setting == Setting.Db ? database.ConnectionString : setting == Setting.Home ? folder : null, new System.Collections.Hashtable(), null);
        store = await RecsStore.OpenAsync(new Run(new RootCommand().Parse([]), settings, new Terminal(TextWriter.Null, TextWriter.Null, interactive: false)), CancellationToken.None);
        await AppendAsync(StreamIds.Movie(Movie), Guid.CreateVersion7(), new MovieAdded(Movie, "A film", 1999, ["Drama"]));
        await AppendAsync(StreamIds.Recommendations(Owner), Request, new RecommendationServed(
            Request.ToString("N"), Owner, 1, [Movie], [1f], "popularity", "popularity-v0.1", 1, "live", false, "cold-start", 0, "0", 1, 1, new SlatePolicy(1), 0.1, DateTimeOffset.UnixEpoch));
    }

    /// <summary>Starts a service with every limit off but those that are given.</summary>
    internal async Task<RecsNode> StartAsync(SecurityOptions? security = null, bool demo = false, Roles roles = Roles.Commands | Roles.Queries)
        => await RecsNode.StartAsync(
            store, new IPEndPoint(IPAddress.Loopback, 0),
            NodeOptions.Of(settings) with
            {
                Roles = roles,
                Serving = new ServingOptions { Demo = demo },
                Security = security ?? new SecurityOptions { SecretFile = SecretPath, Limits = NoLimits },
            },
            CancellationToken.None);

    /// <summary>No limit at all.</summary>
    internal static Recs.Host.Securing.Limits.RateLimits NoLimits => new() { Anonymous = 0, Recommend = 0, User = 0, Probes = 0, BlockAfter = 0 };

    private async Task AppendAsync<T>(string stream, Guid id, T e) where T : notnull
        => await store.Appender.AppendAsync(AppendRequest.One(stream, store.Types.Encode(id, e, id.ToString("N"), id.ToString("N"))));

    public async Task DisposeAsync()
    {
        await store.DisposeAsync();
        await database.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
