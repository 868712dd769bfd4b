using Recs.Commands.Importing;
using Recs.Commands.Importing.Formats;

namespace Recs.Commands.Tests.Importing;

public sealed class UnreadableInputTests
{
    [Fact]
    public void A_path_that_is_not_there_is_named() => Failure("/no/such/folder").ShouldBe("/no/such/folder: there is no such file or folder.");

    [Fact]
    public void A_folder_without_a_data_set_says_what_was_expected()
    {
        using var folder = new ImportFolder().With("notes.txt", "");

        Failure(folder.Path).ShouldContain("expected movies.dat, users.dat, ratings.dat (ml-1m)", Case.Insensitive);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        using var folder = new ImportFolder().With("ratings.dat", "").With("users.dat", "");

        Failure(folder.Path).ShouldContain("movies.dat is missing");
    }

    [Theory]
    [InlineData(DataSetFormat.MlCsv, "movies.csv and ratings.csv are missing")]
    [InlineData(DataSetFormat.Interactions, "format interactions is one file")]
    public void A_folder_of_another_format_than_asked_for_is_refused(DataSetFormat format, string message)
    {
        using var folder = ImportFolder.Ml1m("");

        Failure(folder.Path, format).ShouldContain(message);
    }

    [Fact]
    public void A_file_where_a_folder_was_asked_for_is_refused()
    {
        using var folder = ImportFolder.Ml1m("");

        Failure(folder.File("ratings.dat"), DataSetFormat.Ml1m).ShouldContain("is a file, but format ml-1m is a folder");
    }

    [Fact]
    public void Invalid_UTF_8_names_file_and_line()
    {
        using var folder = new ImportFolder().WithUtf8("ratings.csv", "userId,movieId,rating,timestamp\n").With("movies.csv", "movieId,title,genres\n1,Heat,Action\n2,Cit\u00e9,Drama\n");

        Failure(folder.Path).ShouldStartWith("movies.csv, line 3: is not UTF-8.");
    }

    [Fact]
    public void UTF_16_is_recognised()
    {
        using var folder = new ImportFolder().With("log.csv", System.Text.Encoding.Unicode.GetPreamble().Concat(System.Text.Encoding.Unicode.GetBytes("a,b,4,1\n")).ToArray());

        Failure(folder.File("log.csv")).ShouldStartWith("log.csv: is UTF-16, expected UTF-8.");
    }

    [Fact]
    public void A_header_that_is_not_understood_is_quoted()
    {
        using var folder = new ImportFolder().WithUtf8("log.csv", "who,what,rating,timestamp\n").WithUtf8("movies.csv", "id,name\n").WithUtf8("ratings.csv", "");

        Failure(folder.File("log.csv")).ShouldContain("the header 'who,what,rating,timestamp' is not understood");
        Failure(folder.Path).ShouldContain("movies.csv, line 1: is 'id,name', expected the header movieId,title,genres");
    }

    [Fact]
    public void An_empty_file_is_not_a_data_set()
    {
        using var folder = new ImportFolder().WithUtf8("log.csv", "");

        Failure(folder.File("log.csv")).ShouldStartWith("log.csv: is empty");
    }

    [Fact]
    public void A_file_without_lines_is_not_read_into_memory()
    {
        using var folder = new ImportFolder().With("log.csv", new byte[3 * LineReader.MaxLineLength]);

        Failure(folder.File("log.csv")).ShouldContain("longer than");
    }

    [Fact]
    public void An_unknown_format_lists_the_known_ones()
        => Should.Throw<ImportInputException>(() => DataSetFormats.Parse("ml-2m")).Message.ShouldBe("Unknown format 'ml-2m'. Expected auto, ml-1m, ml-csv, ml-100k, interactions, movielog, json-lines.");

    private static string Failure(string path, DataSetFormat format = DataSetFormat.Auto)
    {
        var message = Should.Throw<ImportInputException>(() => DataSetReader.Read(path, format, new RejectCounts())).Message;
        message.ShouldNotContain("\n");
        return message;
    }
}
