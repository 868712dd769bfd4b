using System.Text;
using Recs.Contracts;
using Recs.EventStore;

namespace Recs.Projections.Tests.UserHistory;

/// <summary>Facts of one person as the log gives them.</summary>
internal static class Facts
{
    public const string At = "2001-02-03T04:05:06+00:00";

    public static RecordedEvent Of(long version, string type, string json)
        => new(version * 10, Guid.Empty, "user-1", version, type, Encoding.UTF8.GetBytes(json), default, null, null);

    public static RecordedEvent Rated(long version, string movie = "7", string rating = "4", string at = At)
        => Of(version, EventAliases.MovieRated, $$"""{"At":"{{at}}","Rating":{{rating}},"UserId":"1","MovieId":"{{movie}}"}""");

    public static RecordedEvent Watched(long version, int minute, string movie = "7")
        => Of(version, EventAliases.MovieWatched, $$"""{"At":"2001-02-03T04:{{minute % 60:00}}:06+00:00","Minute":{{minute}},"UserId":"1","MovieId":"{{movie}}"}""");

    public static RecordedEvent Erased(long version) => Of(version, EventAliases.UserErased, $$"""{"At":"{{At}}","Reason":"asked","UserId":"1"}""");
}
