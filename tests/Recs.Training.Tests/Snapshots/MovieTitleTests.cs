using Recs.Contracts.Movies;
using Recs.Contracts.Users;
using Recs.Training.Snapshots;

namespace Recs.Training.Tests.Snapshots;

public class MovieTitleTests
{
    [Fact]
    public void The_last_word_of_the_catalogue_counts_and_only_about_movies_of_the_data_set()
        => MovieTitle.Of(IdMap.Of(["a", "b"]), [("b", new("First", 1990)), ("elsewhere", new("Other", 1991)), ("b", new("Second", null))]).ShouldBe([default, new("Second", null)]);

    [Fact]
    public void A_part_of_a_data_set_keeps_its_movies_titles()
    {
        var builder = new InteractionSetBuilder();
        builder.Add("u", "m1", 0, 0);
        builder.Add("u", "m2", 5, 1);
        var data = builder.Build().WithTitles([new("One", 1991), new("Two", null)]);
        data.RatingsOnly().Titles.ShouldBe([new("Two", null)]);
        data.Where([false, true]).Titles.ShouldBeSameAs(data.Titles);
        Should.Throw<ArgumentException>(() => data.RatingsOnly().WithTitles(data.Titles)).Message.ShouldContain("2 movies for 1");
    }

    [Fact]
    public void Titles_are_a_part_of_their_own_and_anything_else_alters_their_digest()
    {
        InteractionSet Titled(string? title, int? year) => Two().WithTitles([new(title, year), default]);
        Titled("Été", 1999).Sha256.ShouldBe(Two().Sha256);
        new[] { Titled("Été", 1999), Titled("Été", null), Titled("Été", 2000), Titled("", 1999), Titled(null, 1999), Two() }.Select(set => set.TitlesSha256).Distinct().Count().ShouldBe(6);
    }

    [Fact]
    public async Task An_altered_title_is_noticed_and_a_snapshot_from_before_titles_holds_without_them()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        await database.AppendMovieAsync("x", new MovieAdded("x", "Draft", 1998, ["Drama"]));
        await database.AppendMovieAsync("x", new MovieChanged("x", "Title", 1999, ["Drama"]));
        var last = await database.AppendAsync("u", new MovieRated("u", "x", 4, DateTimeOffset.UnixEpoch));
        var taken = await database.Take.RunAsync("s", last, new());
        taken.Data.Titles.ShouldBe([new("Title", 1999)]);
        taken.Manifest.TitlesSha256.ShouldBe(taken.Data.TitlesSha256);
        await database.ExecuteAsync("update recs.mt_events set data = jsonb_set(data, '{Year}', '2001') where type = 'movie_changed'");
        var verdict = await database.Load.VerifyAsync("s");
        verdict.Holds.ShouldBeFalse();
        verdict.Detail.ShouldContain("titles");

        await database.ExecuteAsync("update recs.mt_events set data = data - 'TitlesSha256' where type = 'snapshot_taken'");
        (await database.Load.RunAsync("s")).Data.Titles.ShouldBe([default]);
        (await database.Take.RunAsync("s", last, new())).Data.Titles.ShouldBe([default]);
    }

    private static InteractionSet Two()
    {
        var builder = new InteractionSetBuilder();
        builder.Add("u", "m1", 5, 0);
        builder.Add("u", "m2", 5, 1);
        return builder.Build();
    }
}
