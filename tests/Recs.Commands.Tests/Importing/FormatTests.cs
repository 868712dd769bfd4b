using Recs.Commands.Importing;

namespace Recs.Commands.Tests.Importing;

public sealed class FormatTests
{
    [Fact]
    public void MovieLens_1M_is_read_in_latin_1()
    {
        using var folder = ImportFolder.Ml1m(
            "7::2::4::978300760\n1::1::5::978302109\n",
            movies: "1::Cit\u00e9 des enfants perdus, La (1995)::Adventure|Sci-Fi\n2::Sabrina::Comedy\n", users: "1::F::1::10::48067\n7::M::56::16::70072-1234\n");

        var (set, rejects) = folder.Read();

        rejects.ShouldBeEmpty();
        set.Format.ShouldBe("ml-1m");
        (set.Movies[0].MovieId, set.Movies[0].Title, set.Movies[0].Year).ShouldBe(("1", "Cité des enfants perdus, La", 1995));
        set.Movies[0].Genres.ShouldBe(["Adventure", "Sci-Fi"]);
        (set.Movies[1].Title, set.Movies[1].Year).ShouldBe(("Sabrina", null));
        (set.Users[1].UserId, set.Users[1].Gender, set.Users[1].Age, set.Users[1].Occupation, set.Users[1].ZipCode).ShouldBe(("7", "M", 56, "16", "70072-1234"));
        set.Rows().ShouldBe(["7 2 4 978300760", "1 1 5 978302109"]);
        (set.MoviesFile, set.UsersFile, set.RatingsFile).ShouldBe((new("movies.dat", 2, 0, 0), new("users.dat", 2, 0, 0), new("ratings.dat", 2, 0, 0)));
    }

    [Fact]
    public void MovieLens_CSV_is_read_with_quotes_carriage_returns_and_other_scripts()
    {
        using var folder = new ImportFolder()
            .WithUtf8("movies.csv", "movieId,title,genres\r\n11,\"American President, The (1995)\",Comedy|Drama\r\n12,\"\"\"Великолепный\"\" век (2011)\",(no genres listed)\r\n")
            .WithUtf8("ratings.csv", "userId,movieId,rating,timestamp\r\n1,11,4.5,964982703\r\n2,\"12\",0.5,964981247");

        var (set, rejects) = folder.Read();

        rejects.ShouldBeEmpty();
        set.Format.ShouldBe("ml-csv");
        (set.Movies[0].Title, set.Movies[0].Year).ShouldBe(("American President, The", 1995));
        (set.Movies[1].Title, set.Movies[1].Genres.Count).ShouldBe(("\"Великолепный\" век", 0));
        set.Rows().ShouldBe(["1 11 4.5 964982703", "2 12 0.5 964981247"]);
        set.UsersFile.ShouldBeNull();
    }

    [Fact]
    public void MovieLens_100K_is_read()
    {
        using var folder = new ImportFolder()
            .With("u.item", "1|Toy Story (1995)|01-Jan-1995||http://example.org/?a|0|0|0|1|1|1|0|0|0|0|0|0|0|0|0|0|0|0|0\n267|unknown||||1|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0\n\n")
            .With("u.user", "1|24|M|technician|85711\n")
            .With("u.data", "1\t267\t3\t881250949\n1\t1\t5\t881250950\n");

        var (set, rejects) = folder.Read();

        rejects.ShouldBeEmpty();
        set.Format.ShouldBe("ml-100k");
        set.Movies[0].Genres.ShouldBe(["Animation", "Children's", "Comedy"]);
        (set.Movies[1].Title, set.Movies[1].Genres.Count).ShouldBe(("unknown", 0));
        (set.Users[0].Gender, set.Users[0].Age, set.Users[0].Occupation).ShouldBe(("M", 24, "technician"));
        set.Rows().ShouldBe(["1 267 3 881250949", "1 1 5 881250950"]);
    }

    [Theory]
    [InlineData("ann,the+matrix+1999,4.5,100\nbob,heat+1995,1,200\n")]
    [InlineData("user_id,movie_id,rating,timestamp\nann,the+matrix+1999,4.5,100\nbob,heat+1995,1,200\n")]
    [InlineData("\uFEFFuserId,movieId,rating,timestamp\r\nann,the+matrix+1999,4.5,100\r\nbob,heat+1995,1.0,200\r\n")]
    [InlineData("timestamp,rating,user_id,movie_id\n100,4.5,ann,\"the+matrix+1999\"\n200,1,bob,heat+1995")]
    public void Interactions_are_read_with_and_without_a_header_and_with_columns_in_any_order(string content)
    {
        using var folder = new ImportFolder().WithUtf8("log.csv", content);

        var (set, rejects) = folder.Read(file: "log.csv");

        rejects.ShouldBeEmpty();
        set.Rows().ShouldBe(["ann the+matrix+1999 4.5 100", "bob heat+1995 1 200"]);
        set.RatingsFile.ShouldBe(new FileRows("log.csv", 2, 0, 0, set.RatingsFile!.Header));
        set.MoviesFile.ShouldBeNull();
    }

    [Theory]
    [InlineData("1::1::5", RejectReasons.WrongFieldCount)]
    [InlineData("1::1::5::978300760::x", RejectReasons.WrongFieldCount)]
    [InlineData("1::1::15::978300760", RejectReasons.BadRating)]
    [InlineData("1::1::-3::978300760", RejectReasons.BadRating)]
    [InlineData("1::1::0::978300760", RejectReasons.BadRating)]
    [InlineData("1::1::4.2::978300760", RejectReasons.BadRating)]
    [InlineData("1::1::5.5::978300760", RejectReasons.BadRating)]
    [InlineData("1::1::::978300760", RejectReasons.BadRating)]
    [InlineData("1::1::5::", RejectReasons.BadTimestamp)]
    [InlineData("1::1::5::-1", RejectReasons.BadTimestamp)]
    [InlineData("1::1::5::97830076x", RejectReasons.BadTimestamp)]
    [InlineData("1::1::5::978300760.5", RejectReasons.BadTimestamp)]
    [InlineData("1::1::5::4102444800", RejectReasons.BadTimestamp)]
    [InlineData("1::1::5::978300760000", RejectReasons.BadTimestamp)]
    [InlineData("1::3::5::978300760", RejectReasons.UnknownMovie)]
    [InlineData("::1::5::978300760", RejectReasons.BadUserId)]
    [InlineData("a b::1::5::978300760", RejectReasons.BadUserId)]
    [InlineData("\u00e9::1::5::978300760", RejectReasons.BadUserId)]
    public void A_malformed_rating_is_rejected_with_its_reason(string row, string reason)
    {
        using var folder = ImportFolder.Ml1m($"1::1::5::978300760\n{row}\n1::2::5::978300761\n");

        var (set, rejects) = folder.Read();

        var reject = rejects.ShouldHaveSingleItem();
        (reject.File, reject.Line, reject.Reason, reject.Raw).ShouldBe(("ratings.dat", 2, reason, row));
        reject.Detail.ShouldNotBeEmpty();
        set.Rows().ShouldBe(["1 1 5 978300760", "1 2 5 978300761"]);
        set.UserIds.ShouldBe(["1"]);
        set.RatingsFile.ShouldBe(new FileRows("ratings.dat", 3, 0, 1));
    }

    [Theory]
    [InlineData("movies.dat", "3::Heat (1995)", RejectReasons.WrongFieldCount)]
    [InlineData("movies.dat", "3::::Action", RejectReasons.BadTitle)]
    [InlineData("movies.dat", "3::Heat\0::Action", RejectReasons.BadTitle)]
    [InlineData("movies.dat", "3::Heat::Action||Crime", RejectReasons.BadGenres)]
    [InlineData("movies.dat", "3 4::Heat::Action", RejectReasons.BadMovieId)]
    [InlineData("movies.dat", "1::Heat (1996)::Action", RejectReasons.RepeatedId)]
    [InlineData("users.dat", "2::F::25::7", RejectReasons.WrongFieldCount)]
    [InlineData("users.dat", "2::X::25::7::12345", RejectReasons.BadGender)]
    [InlineData("users.dat", "2::F::121::7::12345", RejectReasons.BadAge)]
    [InlineData("users.dat", "2::F::25::::12345", RejectReasons.BadOccupation)]
    [InlineData("users.dat", "2::F::25::7::", RejectReasons.BadZipCode)]
    [InlineData("users.dat", "2v18378 ::F::25::7::12345", RejectReasons.BadUserId)]
    [InlineData("users.dat", "1::M::25::7::12345", RejectReasons.RepeatedId)]
    public void A_malformed_movie_or_person_is_rejected_with_its_reason(string file, string row, string reason)
    {
        using var folder = ImportFolder.Ml1m("1::1::5::978300760\n");
        File.AppendAllText(folder.File(file), row + "\n", System.Text.Encoding.Latin1);

        var reject = folder.Read().Rejects.ShouldHaveSingleItem();

        (reject.File, reject.Reason, reject.Raw).ShouldBe((file, reason, row.Replace('\0', '\uFFFD')));
    }

    [Fact]
    public void The_same_movie_or_person_again_is_a_duplicate()
    {
        using var folder = ImportFolder.Ml1m("", movies: "1::Heat (1995)::Action\n1::Heat (1995)::Action\n", users: "1::F::25::7::1\n1::F::25::7::1\n");

        var (set, rejects) = folder.Read();

        rejects.ShouldBeEmpty();
        (set.MoviesFile!.DuplicateRows, set.UsersFile!.DuplicateRows, set.Movies.Count, set.Users.Count).ShouldBe((1, 1, 1, 1));
    }

    [Theory]
    [InlineData("1,\"Heat (1995),Action")]
    [InlineData("1,\"Heat\" (1995),Action")]
    public void A_broken_quote_is_rejected(string row)
    {
        using var folder = new ImportFolder().WithUtf8("movies.csv", $"movieId,title,genres\n{row}\n").WithUtf8("ratings.csv", "userId,movieId,rating,timestamp\n");

        folder.Read().Rejects.ShouldHaveSingleItem().Reason.ShouldBe(RejectReasons.BrokenQuote);
    }

    [Fact]
    public void A_long_raw_line_is_cut()
    {
        using var folder = ImportFolder.Ml1m(new string('x', 100_000));

        folder.Read().Rejects.ShouldHaveSingleItem().Raw.ShouldBe(new string('x', Reject.MaxRawLength));
    }
}
