using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Recs.Commands.Importing;
using Recs.Commands.Importing.Formats;
using Recs.Commands.Tests.Importing;
using Recs.Commands.Validating;

namespace Recs.Commands.Tests.Validating;

public sealed class ValidateInputTests
{
    private const string Five = "123,the+matrix+1999,5,1700000000\n-3,illegal!id,4,1700000000\n789,good+id,seven,1700000000\n456,also+good+id,6,1700000000\n999,bad id with spaces,3,1700000000\n";
    private const string Watch = "2023-10-25T07:20:57,135941,GET /data/m/interstellar+2014/134.mpg\n", Rate = "2023-10-25T07:20:58,303668,GET /rate/the+gallant+hours+1960=4\n";
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("")]
    [InlineData("user_id,movie_id,rating,timestamp\n")]
    public void Of_the_five_rows_of_the_reference_case_one_is_clean_and_four_are_rejected(string header)
    {
        using var folder = new ImportFolder().WithUtf8("five.csv", header + Five);

        var report = Validate(folder.File("five.csv"), folder.File("clean.csv"));

        (report.InputRows, report.CleanRows, report.DuplicateRows, report.RejectRows).ShouldBe((5, 1, 0, 4));
        report.Reasons.ShouldBe(new Dictionary<string, long> { [RejectReasons.BadMovieId] = 2, [RejectReasons.BadRating] = 2 });
        File.ReadAllText(folder.File("clean.csv")).ShouldBe(header + "123,the+matrix+1999,5,1700000000\n");
        report.FirstRejects.Select(r => r.Line - (header.Length > 0 ? 1 : 0)).ShouldBe([2L, 3, 4, 5]);
    }

    [Theory]
    [InlineData(0.8, true)]
    [InlineData(0.79, false)]
    public void Exactly_the_limit_is_accepted(double limit, bool accepted)
    {
        using var folder = new ImportFolder().WithUtf8("five.csv", Five);

        ValidateInput.Run(folder.File("five.csv"), new(MaxRejectRate: limit), null, null, Now).Accepted.ShouldBe(accepted);
    }

    [Fact]
    public void The_clean_rows_of_a_folder_are_a_folder_that_is_clean()
    {
        using var folder = ImportFolder.Ml1m("1::1::5::100\n1::9::5::100\nbroken\n1::1::5::100\n2::2::3::50\n", movies: "1::Heat (1995)::Action\n1::Heat (1995)::Action\n1::Other::Action\n2::S\u00e9ance::Drama\n");
        var target = Directory.CreateDirectory(folder.File("clean")).FullName;

        var report = Validate(folder.Path, target);
        var again = Validate(target, null);

        (report.InputRows, report.CleanRows, report.DuplicateRows, report.RejectRows).ShouldBe((10, 5, 2, 3));
        (again.InputRows, again.CleanRows, again.DuplicateRows, again.RejectRows).ShouldBe((5, 5, 0, 0));
        File.ReadAllBytes(Path.Combine(target, "movies.dat")).ShouldBe(Encoding.Latin1.GetBytes("1::Heat (1995)::Action\n2::S\u00e9ance::Drama\n"));
    }

    [Fact]
    public void A_movielog_is_checked_line_by_line_and_its_clean_lines_are_clean()
    {
        using var folder = new ImportFolder().WithUtf8("events.log", $"{Watch}nonsense\n{Rate}\n{Watch}2023-10-25T07:20:59,2v18378,GET /rate/a+1999=4\n");

        var report = Validate(folder.File("events.log"), folder.File("clean.log"));

        (report.Format, report.InputRows, report.CleanRows, report.DuplicateRows, report.RejectRows).ShouldBe(("movielog", 5, 2, 1, 2));
        report.FirstRejects.Select(r => (r.Line, r.Reason)).ShouldBe([(2L, RejectReasons.Truncated), (6L, RejectReasons.BadUserId)]);
        File.ReadAllText(folder.File("clean.log")).ShouldBe(Watch + Rate);
        Validate(folder.File("clean.log"), null).Checks.ShouldAllBe(c => c.Held);
    }

    [Fact]
    public void A_rating_that_goes_back_in_its_persons_time_is_late_and_one_of_another_person_is_not()
    {
        using var folder = new ImportFolder().WithUtf8("log.csv", "a,x,4,5000\nb,x,4,100\na,y,4,4701\na,z,4,4700\na,u,4,4699\n");

        Validate(folder.File("log.csv"), null).Checks.Single(c => c.Name == "time-order").Detail.ShouldStartWith("1 of 5 rows");
    }

    [Fact]
    public void The_input_itself_is_not_written_over()
    {
        using var folder = new ImportFolder().WithUtf8("five.csv", Five);

        Should.Throw<ImportInputException>(() => Validate(folder.File("five.csv"), folder.File("../" + Path.GetFileName(folder.Path) + "/five.csv")));

        File.ReadAllText(folder.File("five.csv")).ShouldBe(Five);
    }

    [Theory]
    [InlineData("user_id,movie_id,rating,timestamp\n", DataSetFormat.Auto)]
    [InlineData("\n\n", DataSetFormat.JsonLines)]
    [InlineData("\n", DataSetFormat.Movielog)]
    public void A_file_without_rows_is_no_input(string content, DataSetFormat format)
    {
        using var folder = new ImportFolder().WithUtf8("log.csv", content);

        Should.Throw<ImportInputException>(() => ValidateInput.Run(folder.File("log.csv"), new(format), null, null, Now)).Message.ShouldContain("holds no ");
    }

    [Fact]
    public void Whatever_is_done_to_a_file_each_row_is_clean_or_a_duplicate_or_a_reject_and_what_is_clean_stays_clean()
    {
        var line = Gen.OneOf(
            from user in Gen.Choose(1, 3) from movie in Gen.Choose(1, 3) from stars in Gen.Choose(0, 6) from time in Gen.Choose(0, 3) select $"{user},m+{movie},{stars},{time}",
            from user in Gen.Choose(1, 3) from minute in Gen.Choose(0, 2) select $"2023-10-25T07:20:57,{user},GET /data/m/a+1999/{minute}.mpg",
            Gen.Choose(1, 3).Select(n => $"{{\"id\":\"film+{n}\",\"genres\":[{{\"name\":\"Drama\"}}],\"runtime\":{n}}}"));
        var mutated = from text in line from at in Gen.Choose(0, text.Length - 1) from b in Gen.Choose(32, 126) select text[..at] + (char)b + text[(at + 1)..];
        var file = Gen.OneOf(line, line, mutated).NonEmptyListOf();
        var formats = Gen.Elements(DataSetFormat.Interactions, DataSetFormat.Movielog, DataSetFormat.JsonLines);

        Prop.ForAll(file.ToArbitrary(), formats.ToArbitrary(), (lines, format) =>
        {
            using var folder = new ImportFolder().WithUtf8("in", string.Concat(lines.Select(l => l + "\n")));
            ValidationReport report;
            try
            {
                report = ValidateInput.Run(folder.File("in"), new(format), folder.File("out"), null, Now);
            }
            catch (ImportInputException e) when (e.Message.Contains("header"))
            {
                return;
            }
            report.InputRows.ShouldBe(lines.Count);
            (report.CleanRows + report.DuplicateRows + report.RejectRows).ShouldBe(report.InputRows);
            report.Reasons.Values.Sum().ShouldBe(report.RejectRows);
            if (report.CleanRows == 0) return;
            var again = ValidateInput.Run(folder.File("out"), new(format), null, null, Now);
            (again.CleanRows, again.DuplicateRows, again.RejectRows).ShouldBe((report.CleanRows, 0, 0));
        }).Check(Config.QuickThrowOnFailure);
    }

    private static ValidationReport Validate(string path, string? cleanCopy) => ValidateInput.Run(path, new(), cleanCopy, null, Now);
}
