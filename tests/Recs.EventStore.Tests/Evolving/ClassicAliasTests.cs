using Recs.EventStore.Evolving;
using Shouldly;

namespace Recs.EventStore.Tests.Evolving;

public sealed class ClassicAliasTests
{
    [Theory]
    [InlineData("WatchRecorded", "watch_recorded")]
    [InlineData("RatingRecorded", "rating_recorded")]
    [InlineData("HTTPCallMade", "http_call_made")]
    [InlineData("MovieAddedV2", "movie_added_v2")]
    [InlineData("Tombstone", "tombstone")]
    [InlineData("UserHistory", "user_history")]
    public void An_alias_is_what_marten_would_call_the_type(string type, string alias) => ClassicAlias.Of(type).ShouldBe(alias);
}
