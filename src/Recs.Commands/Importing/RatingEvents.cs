using System.Text;
using System.Text.Json;
using Recs.Contracts;
using Recs.Contracts.Users;
using Recs.EventStore;
using Recs.EventStore.Appending;
using Recs.EventStore.Importing;

namespace Recs.Commands.Importing;

/// <summary>
/// Ratings as <c>movie_rated</c> events. Bodies are written by hand, with the bytes that <see cref="EventJson"/> gives, because there are millions of
/// them.
/// </summary>
public sealed class RatingEvents : IImportSource
{
    private static readonly string DotNetType = $"{typeof(MovieRated).FullName}, {typeof(MovieRated).Assembly.GetName().Name}";
    private static readonly byte[][] Stars = [.. Enumerable.Range(0, 11).Select(h => Encoding.UTF8.GetBytes((h / 2.0).ToString("0.#")))];

    private readonly RatingColumns ratings;
    private readonly int[] order;
    private readonly ImportOrigin origin;
    private readonly string[] userIds;
    private readonly IReadOnlyList<string> movieIds;
    private readonly string[] streams;
    private readonly byte[][] users;
    private readonly byte[][] movies;

    /// <summary>Events of ratings.</summary>
    /// <param name="key">Identifies the input.</param>
    /// <param name="ratings">Ratings.</param>
    /// <param name="order">Rows in the order of the events.</param>
    /// <param name="userIds">User ids by index, with their prefix.</param>
    /// <param name="movieIds">Movie ids by index.</param>
    /// <param name="origin">What the events say of where they come from.</param>
    public RatingEvents(string key, RatingColumns ratings, int[] order, string[] userIds, IReadOnlyList<string> movieIds, ImportOrigin origin)
    {
        (Key, this.ratings, this.order, this.origin, this.userIds, this.movieIds) = (key, ratings, order, origin, userIds, movieIds);
        streams = Array.ConvertAll(userIds, StreamIds.User);
        users = Array.ConvertAll(userIds, id => Quoted("{\"UserId\":", id));
        movies = [.. movieIds.Select(id => Quoted(",\"MovieId\":", id))];
    }

    /// <inheritdoc/>
    public string Key { get; }

    /// <inheritdoc/>
    public long Count => order.Length;

    /// <inheritdoc/>
    public IReadOnlyList<SideRow> SideRows(long from, long to) => [];

    /// <inheritdoc/>
    public void Read(long from, Span<ImportedEvent> target)
    {
        var rows = order.AsSpan((int)from, target.Length);
        var user = ratings.Users;
        var movie = ratings.Movies;
        var halfStars = ratings.HalfStars;
        var seconds = ratings.Seconds;
        var length = 0;
        foreach (var row in rows)
            length += users[user[row]].Length + movies[movie[row]].Length + ",\"Rating\":4.5,\"At\":"u8.Length + JsonTime.Length + "}"u8.Length;
        var bodies = new byte[length];
        var time = new JsonTime();
        var end = 0;
        for (var i = 0; i < rows.Length; i++)
        {
            var row = rows[i];
            var start = end;
            Append(bodies, ref end, users[user[row]]);
            Append(bodies, ref end, movies[movie[row]]);
            Append(bodies, ref end, ",\"Rating\":"u8);
            Append(bodies, ref end, Stars[halfStars[row]]);
            Append(bodies, ref end, ",\"At\":"u8);
            time.Write(seconds[row], bodies.AsSpan(end));
            end += JsonTime.Length;
            bodies[end++] = (byte)'}';
            var id = FactId.Rated(userIds[user[row]], movieIds[movie[row]], halfStars[row], DateTimeOffset.FromUnixTimeSeconds(seconds[row]));
            target[i] = new(streams[user[row]], new NewEvent(
                id, EventAliases.MovieRated, bodies.AsMemory(start, end - start), origin.CorrelationId, origin.CausationId, DotNetType: DotNetType));
        }
    }

    private static void Append(byte[] bodies, ref int end, ReadOnlySpan<byte> part)
    {
        part.CopyTo(bodies.AsSpan(end));
        end += part.Length;
    }

    private static byte[] Quoted(string before, string id) => Encoding.UTF8.GetBytes($"{before}\"{JsonEncodedText.Encode(id)}\"");
}
