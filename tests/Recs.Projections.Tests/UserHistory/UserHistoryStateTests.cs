using Recs.Contracts;
using Recs.EventStore;
using Recs.Projections.UserHistory;

namespace Recs.Projections.Tests.UserHistory;

public sealed class UserHistoryStateTests
{
    [Fact]
    public void Facts_become_entries_in_log_order()
    {
        var state = Fold(Facts.Rated(1), Facts.Of(2, EventAliases.MovieOpened, $$"""{"At":"{{Facts.At}}","UserId":"1","MovieId":"8","RequestId":"r"}"""));
        var at = DateTimeOffset.Parse(Facts.At).ToUnixTimeMilliseconds();
        state.Entries.ShouldBe([new(HistoryKind.Rated, "7", 4, 0, at, at, 10), new(HistoryKind.Opened, "8", 0, 0, at, at, 20)]);
        (state.Version, state.Sequence, state.DigestText.Length).ShouldBe((2, 20, 16));
    }

    public static TheoryData<string, string> Alterations => new()
    {
        { "movie", """{"At":"2001-02-03T04:05:06+00:00","Rating":4,"UserId":"1","MovieId":"9"}""" },
        { "value", """{"At":"2001-02-03T04:05:06+00:00","Rating":4.5,"UserId":"1","MovieId":"7"}""" },
        { "time", """{"At":"2001-02-03T04:05:06.0000001+00:00","Rating":4,"UserId":"1","MovieId":"7"}""" },
    };

    [Theory]
    [MemberData(nameof(Alterations))]
    public void Altering_any_past_fact_changes_the_digest(string field, string altered)
    {
        var rest = new[] { Facts.Watched(2, 1), Facts.Watched(3, 2), Facts.Rated(4, "8") };
        var before = Fold([Facts.Rated(1), .. rest]).Digest;
        Fold([Facts.Of(1, EventAliases.MovieRated, altered), .. rest]).Digest.ShouldNotBe(before, field);
    }

    [Fact]
    public void A_missing_a_swapped_or_a_personal_fact_changes_the_digest()
    {
        var digests = new[]
        {
            Fold(Facts.Rated(1, "7"), Facts.Rated(2, "8")), Fold(Facts.Rated(1, "8"), Facts.Rated(2, "7")), Fold(Facts.Rated(2, "8")),
            Fold(Facts.Rated(1, "7"), Facts.Rated(2, "8"), Facts.Of(3, EventAliases.UserChanged, """{"UserId":"1","Age":30}""")),
            Fold(Facts.Rated(1, "7"), Facts.Rated(2, "8"), Facts.Of(3, EventAliases.UserChanged, """{"UserId":"1","Age":31}""")),
        };
        digests.Select(s => s.Digest).ShouldBeUnique();
    }

    [Fact]
    public void The_digest_is_pinned_because_slates_record_it()
        => Fold(Facts.Rated(1), Facts.Watched(2, 3), Facts.Of(3, EventAliases.UserRegistered, """{"Age":25,"Gender":"F","UserId":"1"}""")).DigestText.ShouldBe("89ac1a5a37d4ae80");

    [Fact]
    public void How_the_json_is_spelt_does_not_matter()
    {
        var escaped = Facts.Of(1, EventAliases.MovieRated, $$"""{ "MovieId" : "a\u002Bb", "Later": {"x":[1]}, "Rating": 4.0, "At": "2001-02-03T05:05:06+01:00" }""");
        Fold(escaped).Digest.ShouldBe(Fold(Facts.Rated(1, "a+b")).Digest);
        Fold(escaped)[0].MovieId.ShouldBe("a+b");
    }

    [Fact]
    public void An_event_that_was_folded_already_and_one_of_another_type_change_nothing()
    {
        var state = Fold(Facts.Rated(1), Facts.Rated(2));
        state.Apply(Facts.Rated(2, "99"), new IdPool()).ShouldBeSameAs(state);
        state.Apply(Facts.Of(3, "something_else", "{}"), new IdPool()).ShouldBeSameAs(state);
    }

    [Fact]
    public void A_state_stays_as_it_is_while_others_grow_from_it()
    {
        var root = Fold([.. Enumerable.Range(1, 50).Select(v => Facts.Rated(v, "m" + v))]);
        var left = Fold(root, Facts.Rated(51, "left"), Facts.Rated(52, "left"));
        var right = Fold(root, Facts.Watched(51, 1, "right"), Facts.Watched(52, 2, "right"));
        root.Entries.Select(e => e.MovieId).ShouldBe(Enumerable.Range(1, 50).Select(v => "m" + v));
        left.Entries.Skip(49).Select(e => e.MovieId).ShouldBe(["m50", "left", "left"]);
        right.Entries.Skip(49).Select(e => (e.MovieId, e.Minutes)).ShouldBe([("m50", 0), ("right", 2)]);
    }

    [Fact]
    public void Erasure_forgets_all_and_gives_the_same_state_whether_the_facts_were_blanked_or_not()
    {
        var whole = Fold(Facts.Rated(1), Facts.Rated(2), Facts.Erased(3));
        var blanked = Fold(Facts.Of(1, EventAliases.MovieRated, "{}"), Facts.Of(2, EventAliases.MovieRated, "{}"), Facts.Erased(3));
        (whole.Erased, whole.Count, whole.Person).ShouldBe((true, 0, Person.Unknown));
        (blanked.Digest, blanked.Version).ShouldBe((whole.Digest, 3L));
        Fold(whole, Facts.Rated(4)).Count.ShouldBe(0);
    }

    [Fact]
    public void A_body_that_lacks_a_property_is_refused_by_name()
        => Should.Throw<FormatException>(() => Fold(Facts.Of(1, EventAliases.MovieRated, """{"MovieId":"7"}"""))).Message.ShouldContain("Rating, At");

    [Theory]
    [InlineData("Rating", """{"At":"2001-02-03T04:05:06+00:00","Rating":"5","MovieId":"7"}""")]
    [InlineData("Rating", """{"At":"2001-02-03T04:05:06+00:00","Rating":null,"MovieId":"7"}""")]
    [InlineData("MovieId", """{"At":"2001-02-03T04:05:06+00:00","Rating":5,"MovieId":7}""")]
    [InlineData("MovieId", """{"At":"2001-02-03T04:05:06+00:00","Rating":5,"MovieId":null}""")]
    [InlineData("At", """{"At":"yesterday","Rating":5,"MovieId":"7"}""")]
    [InlineData("Minute", """{"At":"2001-02-03T04:05:06+00:00","Minute":1.5,"MovieId":"7"}""")]
    [InlineData("Gender", """{"Gender":1}""")]
    public void A_property_of_another_type_is_refused_by_name(string property, string json)
        => Should.Throw<FormatException>(() => Fold(Facts.Of(1, EventAliases.MovieRated, json))).Message.ShouldContain($"'{property}'");

    private static UserHistoryState Fold(params RecordedEvent[] events) => Fold(UserHistoryState.Empty, events);

    private static UserHistoryState Fold(UserHistoryState state, params RecordedEvent[] events)
    {
        var ids = new IdPool();
        return events.Aggregate(state, (s, e) => s.Apply(e, ids));
    }
}
