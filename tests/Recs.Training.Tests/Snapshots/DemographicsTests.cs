using System.Text;
using Recs.Contracts;
using Recs.Contracts.Users;
using Recs.Training.Snapshots;

namespace Recs.Training.Tests.Snapshots;

public class DemographicsTests
{
    private static readonly DateTimeOffset Noon = DateTimeOffset.UnixEpoch.AddHours(12);

    private static Task<long> RateAsync(TrainingDatabase database, string user) => database.AppendAsync(user, new MovieRated(user, "x", 4, Noon));

    [Fact]
    public async Task The_last_description_at_or_before_the_position_counts()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        await database.AppendAsync("b", new UserRegistered("b", "F", 25, "7", "12345"));
        await database.AppendAsync("c", new UserRegistered("c", "M"));
        await database.AppendAsync("nobody's-ratings", new UserRegistered("nobody's-ratings", "M", 50));
        await database.AppendAsync("c", new UserChanged("c", null, 35));
        await RateAsync(database, "a");
        await RateAsync(database, "b");
        var last = await RateAsync(database, "c");
        await database.AppendAsync("b", new UserChanged("b", "M", 56));
        (await database.Snapshots.ReadAsync(last, new())).Demographics.ShouldBe([default, new("F", 25, "7"), new(null, 35, null)]);
        (await database.Snapshots.ReadAsync(last, new(["elsewhere"]))).Users.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Erased_archived_and_blanked_people_have_none()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        foreach (var user in new[] { "archived", "blanked", "erased" })
        {
            await database.AppendAsync(user, new UserRegistered(user, "F", 25));
            await RateAsync(database, user);
        }

        await database.AppendAsync("erased", new UserErased("erased", Noon, "asked to"));
        var last = await database.AppendAsync("erased", new UserChanged("erased", "M", 56));
        await database.ExecuteAsync("select recs.mt_archive_stream('user-archived')");
        await database.ExecuteAsync("update recs.mt_events set data = '{}' where stream_id = 'user-blanked' and type = 'user_registered'");
        var set = await database.Snapshots.ReadAsync(last, new());
        set.Users.Ids.ShouldBe(["blanked", "erased"]);
        set.Demographics.ShouldAllBe(known => known.IsUnknown);
    }

    [Fact]
    public async Task Bodies_of_an_older_shape_are_brought_up_to_date()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        database.Types.Upcast("user_joined", EventAliases.UserRegistered, old => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(old.Span).Replace("Sex", "Gender", StringComparison.Ordinal)));
        await database.AppendAsync("a", new UserRegistered("a", "F", 25));
        var last = await RateAsync(database, "a");
        await database.ExecuteAsync("update recs.mt_events set type = 'user_joined', data = data - 'Gender' || jsonb_build_object('Sex', data->'Gender') where type = 'user_registered'");
        (await database.Snapshots.ReadAsync(last, new())).Demographics.ShouldBe([new("F", 25, null)]);
    }

    [Fact]
    public async Task An_altered_age_is_noticed_and_a_snapshot_from_before_demographics_holds_without_them()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        await database.AppendAsync("u", new UserRegistered("u", "F", 25));
        var taken = await database.Take.RunAsync("s", await RateAsync(database, "u"), new());
        taken.Manifest.DemographicsSha256.ShouldBe(taken.Data.DemographicsSha256);
        (await database.Load.VerifyAsync("s")).Holds.ShouldBeTrue();
        await database.ExecuteAsync("update recs.mt_events set data = jsonb_set(data, '{Age}', '56') where type = 'user_registered'");
        var verdict = await database.Load.VerifyAsync("s");
        verdict.Holds.ShouldBeFalse();
        verdict.Detail.ShouldContain("its people");
        await Should.ThrowAsync<InvalidOperationException>(() => database.Take.RunAsync("s", verdict.Manifest.ThroughSequence, new()));

        await database.ExecuteAsync("update recs.mt_events set data = data - 'DemographicsSha256' where type = 'snapshot_taken'");
        (await database.Load.RunAsync("s")).Data.Demographics.ShouldBe([default]);
        (await database.Take.RunAsync("s", verdict.Manifest.ThroughSequence, new())).Data.Demographics.ShouldBe([default]);
    }

    [Fact]
    public void The_digest_of_these_demographics_never_changes()
    {
        var set = Two().WithDemographics([new("F", 25, "7"), default]);
        set.DemographicsSha256.ShouldBe("dea7c5dc3950ed715b57173de43eddc24089f3c65a9f6cd3eae0885cbcade6b7");
        set.Sha256.ShouldBe(Two().Sha256); // the demographics are a part of their own
    }

    public static TheoryData<string?, int?, string?> Others => new() { { "M", 25, "7" }, { null, 25, "7" }, { "", 25, "7" }, { "F", 26, "7" }, { "F", null, "7" }, { "F", 25, null }, { "F", 25, "" } };

    [Theory]
    [MemberData(nameof(Others))]
    public void Anything_else_that_is_known_alters_the_digest(string? gender, int? age, string? occupation)
        => Two().WithDemographics([new(gender, age, occupation), default]).DemographicsSha256.ShouldNotBe(Two().WithDemographics([new("F", 25, "7"), default]).DemographicsSha256);

    private static InteractionSet Two()
    {
        var builder = new InteractionSetBuilder();
        builder.Add("u1", "m", 5, 0);
        builder.Add("u2", "m", 5, 0);
        return builder.Build();
    }
}
