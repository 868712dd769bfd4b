using Recs.Contracts.Movies;
using Recs.Contracts.Users;
using Recs.Training.Snapshots;

namespace Recs.Training.Tests.Snapshots;

public class MovieGenresTests
{
    [Fact]
    public void The_last_word_of_the_catalogue_counts_and_only_about_movies_of_the_data_set()
    {
        var genres = MovieGenres.Of(IdMap.Of(["a", "b", "c"]), [("b", ["War"]), ("elsewhere", ["Musical"]), ("a", ["Drama", "Comedy", "Drama"]), ("b", ["Western"])]);
        genres.Names.ShouldBe(["Comedy", "Drama", "Western"]);
        genres.Of(0).ToArray().ShouldBe([0, 1]);
        genres.Of(1).ToArray().ShouldBe([2]);
        genres.Of(2).IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void A_part_of_a_data_set_keeps_its_movies_genres()
    {
        var builder = new InteractionSetBuilder();
        builder.Add("u", "m1", 0, 0);
        builder.Add("u", "m2", 5, 1);
        var data = GeneratedData.WithGenres(builder.Build());
        var ratings = data.RatingsOnly();
        ratings.Genres.Of(0).ToArray().Select(g => ratings.Genres.Names[g]).ShouldBe(data.Genres.Of(1).ToArray().Select(g => data.Genres.Names[g]));
        data.Where([false, true]).Genres.ShouldBeSameAs(data.Genres);
        Should.Throw<ArgumentException>(() => ratings.WithGenres(data.Genres)).Message.ShouldContain("2 movies for 1");
    }

    [Fact]
    public void The_digest_of_these_genres_never_changes()
    {
        var builder = new InteractionSetBuilder();
        builder.Add("u", "m2", 0, 0);
        builder.Add("u", "m1", 5, 1);
        var set = builder.Build();
        var digest = set.Sha256;
        set = set.WithGenres(MovieGenres.Of(set.Movies, [("m1", ["Drama", "Comédie"])]));
        set.GenresSha256.ShouldBe("14778bc1ab047f22b18edea78276115da13223a645d793d8ffc1eb93a23409e4");
        set.Sha256.ShouldBe(digest); // the genres are a part of their own
    }

    [Fact]
    public async Task The_log_gives_the_genres_as_of_the_position()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        await database.AppendMovieAsync("x", new MovieAdded("x", "X", 1999, ["Drama"]));
        await database.AppendMovieAsync("y", new MovieAdded("y", "Y", null, ["War"]));
        await database.AppendMovieAsync("x", new MovieChanged("x", "X", 1999, ["Comedy", "Crime"]));
        await database.AppendAsync("u", new MovieRated("u", "unknown", 4, DateTimeOffset.UnixEpoch));
        var last = await database.AppendAsync("u", new MovieRated("u", "x", 4, DateTimeOffset.UnixEpoch));
        await database.AppendMovieAsync("x", new MovieChanged("x", "X", 1999, ["Western"]));
        var set = await database.Snapshots.ReadAsync(last, new());
        set.Movies.Ids.ShouldBe(["unknown", "x"]);
        set.Genres.Names.ShouldBe(["Comedy", "Crime"]); // those of y are of no movie here
        set.Genres.Of(0).IsEmpty.ShouldBeTrue();
        set.Genres.Of(1).ToArray().ShouldBe([0, 1]);
    }

    [Fact]
    public async Task An_altered_genre_is_noticed_and_a_snapshot_from_before_genres_still_holds()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        await database.AppendMovieAsync("x", new MovieAdded("x", "X", 1999, ["Drama"]));
        await database.Take.RunAsync("s", await database.AppendAsync("u", new MovieRated("u", "x", 4, DateTimeOffset.UnixEpoch)), new());
        (await database.Load.VerifyAsync("s")).Holds.ShouldBeTrue();
        await database.ExecuteAsync("update recs.mt_events set data = jsonb_set(data, '{Genres,0}', '\"War\"') where type = 'movie_added'");
        var verdict = await database.Load.VerifyAsync("s");
        verdict.Holds.ShouldBeFalse();
        verdict.Detail.ShouldContain("gives genres");
        await Should.ThrowAsync<InvalidOperationException>(() => database.Take.RunAsync("s", verdict.Manifest.ThroughSequence, new()));
        await database.ExecuteAsync("update recs.mt_events set data = data - 'GenresSha256' where type = 'snapshot_taken'");
        (await database.Load.VerifyAsync("s")).Holds.ShouldBeTrue();
    }
}
