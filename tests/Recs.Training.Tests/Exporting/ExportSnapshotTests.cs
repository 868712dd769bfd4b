using System.IO.Compression;
using System.Text;
using Recs.Contracts;
using Recs.Contracts.Movies;
using Recs.Contracts.Users;
using Recs.Training.Exporting;
using Recs.Training.Snapshots;

namespace Recs.Training.Tests.Exporting;

public class ExportSnapshotTests
{
    private static readonly DateTimeOffset Noon = new(2001, 2, 3, 12, 0, 0, 250, TimeSpan.Zero);

    [Fact]
    public async Task The_files_hold_the_facts_of_the_snapshot_and_what_was_known_by_then()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        using var folder = new TemporaryFolder();
        await PinAsync(database);

        var csv = await database.Export.RunAsync(new("pinned", ExportFormat.Csv, ExportCompression.None), folder.Path);
        Text(csv, "interactions.csv").ShouldBe("""
            user_id,movie_id,kind,rating,minute,at,sequence
            u2,the+film+2001,watch,,7,2001-02-03T12:00:00.25Z,4
            u10,m1,rate,4.5,,2001-02-03T12:00:01.25Z,5
            u2,m1,rate,3,,2001-02-03T12:00:02.25Z,6

            """.ReplaceLineEndings("\n"));
        Text(csv, "movies.csv").ShouldBe(""""
            movie_id,title,year,genres,adult,runtime_minutes,languages,inferred
            m1,"Now, ""Amélie""",2001,Comedy|Drama,false,122,fr|en,false
            the+film+2001,,,"",,,,

            """".ReplaceLineEndings("\n"));
        Text(csv, "users.csv").ShouldBe("""
            user_id,gender,age,occupation
            u10,,,
            u2,F,25,4

            """.ReplaceLineEndings("\n"));
        csv.Manifest.Files.Select(f => (f.Name, f.Rows)).ShouldBe([("interactions.csv", 3), ("movies.csv", 2), ("users.csv", 2)]);
    }

    [Fact]
    public async Task DuckDB_reads_the_same_facts_out_of_Parquet()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        using var folder = new TemporaryFolder();
        await PinAsync(database);

        var export = await database.Export.RunAsync(new("pinned", ExportFormat.Parquet, ExportCompression.Gzip, WithZip: true), folder.Path);

        var read = await DuckDb.ReadAsync(export.Path);
        var at = Noon.ToUnixTimeMilliseconds() * 1000;
        read["interactions.parquet"].Rows.ShouldBe(
        [
            $"""["u2","the+film+2001","watch",null,7,"{at}","4"]""", $"""["u10","m1","rate",4.5,null,"{at + 1_000_000}","5"]""", $"""["u2","m1","rate",3,null,"{at + 2_000_000}","6"]""",
        ]);
        read["movies.parquet"].Rows.ShouldBe(["""["m1","Now, \"Amélie\"",2001,["Comedy","Drama"],false,122,["fr","en"],false]""", """["the+film+2001",null,null,[],null,null,null,null]"""]);
        read["users.parquet"].Rows.ShouldBe(["""["u10",null,null,null,null]""", """["u2","F",25,"4","12345"]"""]);
        read["interactions.parquet"].Nodes.ShouldContain("at INT64 REQUIRED TIMESTAMP_MICROS TimestampType(isAdjustedToUTC=1, unit=TimeUnit(MILLIS=<null>, MICROS=MicroSeconds(), NANOS=<null>))");
    }

    [Fact]
    public async Task Every_interaction_of_a_generated_log_arrives_in_either_format()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        using var folder = new TemporaryFolder();
        var data = GeneratedData.Interactions(users: 12, movies: 9, perUser: 10, watches: true);
        await database.SnapshotOfAsync(data);

        var parquet = await database.Export.RunAsync(new("s", ExportFormat.Parquet, ExportCompression.None), folder.Path);
        var csv = await database.Export.RunAsync(new("s", ExportFormat.Csv, ExportCompression.Gzip), folder.Path);

        var builder = new InteractionSetBuilder();
        foreach (var row in (await DuckDb.ReadAsync(parquet.Path))["interactions.parquet"].Json.GetProperty("rows").EnumerateArray())
            builder.Add(row[0].GetString(), row[1].GetString(), row[2].GetString() == "watch" ? (byte)0 : (byte)(row[3].GetDouble() * 2), long.Parse(row[5].GetString()!) / 1000);
        builder.Build().Sha256.ShouldBe(data.Sha256);
        using var unpacked = new StreamReader(new GZipStream(File.OpenRead(Path.Combine(csv.Path, "interactions.csv.gz")), CompressionMode.Decompress));
        (await unpacked.ReadToEndAsync()).Split('\n').Length.ShouldBe(data.Count + 2);
    }

    [Fact]
    public async Task Bodies_of_an_older_shape_give_the_same_files()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        using var folder = new TemporaryFolder();
        await PinAsync(database);
        var before = await database.Export.RunAsync(new("pinned", ExportFormat.Csv, ExportCompression.None), folder.Path);
        database.Types.Upcast("film_rated", EventAliases.MovieRated, old => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(old.Span).Replace("Film", "MovieId", StringComparison.Ordinal)));
        await database.ExecuteAsync("update recs.mt_events set type = 'film_rated', data = data - 'MovieId' || jsonb_build_object('Film', data->'MovieId') where type = 'movie_rated'");
        var after = await database.Export.RunAsync(new("pinned", ExportFormat.Csv, ExportCompression.None), folder.Path);
        (after.ContentHash, after.WasThere).ShouldBe((before.ContentHash, true));
    }

    [Fact]
    public async Task Equal_exports_are_one_folder_and_a_second_one_says_that_it_is_there()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        using var folder = new TemporaryFolder();
        await PinAsync(database);
        var request = new ExportRequest("pinned", ExportFormat.Parquet, ExportCompression.Gzip);
        var first = await database.Export.RunAsync(request, folder.Path);
        var second = await database.Export.RunAsync(request, folder.Path);
        (first.WasThere, second.WasThere, second.Path).ShouldBe((false, true, first.Path));
        Directory.GetDirectories(folder.Path).Select(Path.GetFileName).ShouldBe(["sha256"]);
        Directory.GetDirectories(Path.Combine(folder.Path, "sha256")).ShouldBe([Path.Combine(folder.Path, "sha256", first.ContentHash)]);
        VerifyExport.Run(first.Path).ContentHash.ShouldBe(first.ContentHash);
    }

    [Theory]
    [InlineData("users.csv")]
    [InlineData("manifest.json")]
    public async Task An_altered_or_missing_file_is_named(string name)
    {
        await using var database = await TrainingDatabase.CreateAsync();
        using var folder = new TemporaryFolder();
        await PinAsync(database);
        var path = Path.Combine((await database.Export.RunAsync(new("pinned", ExportFormat.Csv, ExportCompression.None), folder.Path)).Path, name);
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[^2] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);
        Should.Throw<DamagedExportException>(() => VerifyExport.Run(Path.GetDirectoryName(path)!)).Message.ShouldContain($"{name}' is damaged: its sha256 is");
        File.Delete(path);
        Should.Throw<DamagedExportException>(() => VerifyExport.Run(Path.GetDirectoryName(path)!)).Message.ShouldContain($"{name}' is damaged: it is missing");
    }

    [Fact]
    public async Task A_file_that_was_added_is_named()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        using var folder = new TemporaryFolder();
        await PinAsync(database);
        var export = (await database.Export.RunAsync(new("pinned", ExportFormat.Csv, ExportCompression.None), folder.Path)).Path;
        await File.WriteAllTextAsync(Path.Combine(export, "more.csv"), "1");
        Should.Throw<DamagedExportException>(() => VerifyExport.Run(export)).Message.ShouldContain("more.csv' is damaged: it is not one of the export's files");
    }

    [Fact]
    public async Task What_the_log_no_longer_gives_is_not_exported_and_leaves_nothing()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        using var folder = new TemporaryFolder();
        await PinAsync(database);
        await database.ExecuteAsync("select recs.mt_archive_stream('user-u10')");
        (await Should.ThrowAsync<InvalidDataException>(() => database.Export.RunAsync(new("pinned", ExportFormat.Csv, ExportCompression.None), folder.Path))).Message
            .ShouldContain("gives 2 interactions of 1 people");
        Directory.GetFileSystemEntries(folder.Path).ShouldBeEmpty();
        await Should.ThrowAsync<ArgumentException>(() => database.Export.RunAsync(new("other", ExportFormat.Csv, ExportCompression.None), folder.Path));
    }

    [Fact]
    public async Task An_export_whose_folder_was_renamed_is_told_from_a_damaged_one()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        using var folder = new TemporaryFolder();
        await PinAsync(database);
        var export = await database.Export.RunAsync(new("pinned", ExportFormat.Csv, ExportCompression.None), folder.Path);
        var renamed = Path.Combine(folder.Path, "of-monday");
        Directory.Move(export.Path, renamed);
        Should.Throw<DamagedExportException>(() => VerifyExport.Run(renamed)).Message.ShouldEndWith($"if the folder was only renamed, name it {export.ContentHash} again.");
        await File.AppendAllTextAsync(Path.Combine(renamed, "users.csv"), "x");
        Should.Throw<DamagedExportException>(() => VerifyExport.Run(renamed)).Message.ShouldContain("users.csv' is damaged");
    }

    [Fact]
    public async Task The_next_export_removes_what_a_killed_one_left_and_nothing_of_one_that_runs()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        using var folder = new TemporaryFolder();
        await PinAsync(database);
        var now = DateTimeOffset.UtcNow;
        var (killed, begun, before) = (Left("tmp-killed", now.AddMinutes(-2), withLock: true), Left("tmp-begun", now, withLock: true), Left("tmp-of-an-older-version", now.AddDays(-2), withLock: false));
        using var running = new UnfinishedExport(folder.Path);
        Directory.SetLastWriteTimeUtc(running.Path, now.UtcDateTime.AddDays(-3));
        File.SetLastWriteTimeUtc(Path.Combine(running.Path, ".lock"), now.UtcDateTime.AddDays(-3));

        await database.Export.RunAsync(new("pinned", ExportFormat.Csv, ExportCompression.None), folder.Path);

        new[] { killed, before, begun, running.Path }.Select(Directory.Exists).ShouldBe([false, false, true, true]);

        string Left(string name, DateTimeOffset at, bool withLock)
        {
            var left = Directory.CreateDirectory(Path.Combine(folder.Path, name)).FullName;
            File.WriteAllText(Path.Combine(left, withLock ? ".lock" : "users.csv"), "");
            foreach (var file in Directory.GetFiles(left)) File.SetLastWriteTimeUtc(file, at.UtcDateTime);
            Directory.SetLastWriteTimeUtc(left, at.UtcDateTime);
            return left;
        }
    }

    [Fact]
    public async Task A_snapshot_of_some_sources_exports_only_their_facts()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        using var folder = new TemporaryFolder();
        await database.AppendAsync("a", new MovieRated("a", "x", 1, Noon), "import:one:1");
        var last = await database.AppendAsync("b", new MovieRated("b", "y", 1, Noon));
        await database.Take.RunAsync("s", last, new(["one"]));
        Text(await database.Export.RunAsync(new("s", ExportFormat.Csv, ExportCompression.None), folder.Path), "users.csv").ShouldBe("user_id,gender,age,occupation\na,,,\n");
    }

    /// <summary>Three interactions; what is known of one movie and one person before, and a change of both after.</summary>
    private static async Task PinAsync(TrainingDatabase database)
    {
        await database.AppendMovieAsync("m1", new MovieAdded("m1", "Amélie", 2000, ["Comedy"]));
        await database.AppendMovieAsync("m1", new MovieChanged("m1", "Now, \"Amélie\"", 2001, ["Comedy", "Drama"], RuntimeMinutes: 122, Languages: ["fr", "en"]));
        await database.AppendAsync("u2", new UserRegistered("u2", "F", 25, "4", "12345"));
        await database.AppendAsync("u2", new MovieWatched("u2", "the+film+2001", 7, Noon));
        await database.AppendAsync("u10", new MovieRated("u10", "m1", 4.5, Noon.AddSeconds(1)));
        var last = await database.AppendAsync("u2", new MovieRated("u2", "m1", 3, Noon.AddSeconds(2).ToOffset(TimeSpan.FromHours(2))));
        await database.AppendMovieAsync("m1", new MovieChanged("m1", "Later", null, []));
        await database.Take.RunAsync("pinned", last, new());
    }

    private static string Text(StoredExport export, string name) => File.ReadAllText(Path.Combine(export.Path, name));
}
