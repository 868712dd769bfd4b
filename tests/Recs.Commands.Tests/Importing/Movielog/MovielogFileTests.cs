using System.Text;
using Recs.Commands.Importing;
using Recs.Commands.Importing.Movielog;

namespace Recs.Commands.Tests.Importing.Movielog;

public sealed class MovielogFileTests
{
    [Theory]
    [InlineData("a\nb\n", "1 a|2 b")]
    [InlineData("a\r\n\r\n\nb", "1 a|4 b")]
    [InlineData("\u00EF\u00BB\u00BFa\nb\n", "1 a|2 b")]
    [InlineData("", "")]
    public void Lines_are_numbered_and_blank_ones_passed_over(string content, string lines)
    {
        using var folder = new ImportFolder().With("log", content);

        string.Join('|', Read(folder).Select(l => $"{l.Line} {l.Text}")).ShouldBe(lines);
    }

    [Theory]
    [InlineData(100_000)]
    [InlineData(3_000_000)]
    public void Of_an_endless_line_only_its_beginning_is_kept_and_the_next_line_is_whole(int length)
    {
        using var folder = new ImportFolder().With("log", $"first\n{new string('x', length)}\nlast\n{new string('y', length)}");

        var lines = Read(folder);

        lines.Select(l => l.Line).ShouldBe([1L, 2, 3, 4]);
        (lines[0].Text, lines[2].Text).ShouldBe(("first", "last"));
        lines[1].Text.ShouldStartWith(new string('x', MovielogLine.MaxLength + 1));
        lines[3].Text.ShouldStartWith(new string('y', MovielogLine.MaxLength + 1));
    }

    [Fact]
    public void Reading_goes_on_from_any_line()
    {
        var lines = Enumerable.Range(0, 30_000).Select(i => new string((char)('a' + i % 26), i % 200)).ToArray();
        using var folder = new ImportFolder().With("log", string.Join('\n', lines));
        var all = Read(folder);

        foreach (var from in new[] { 0, 1, 777, all.Count - 1, all.Count })
        {
            using var file = new MovielogFile(folder.File("log"));
            var (position, line) = from == 0 ? (0, 0) : (all[from - 1].Position, all[from - 1].Line);
            file.Seek(position, line);
            Rest(file).ShouldBe(all.Skip(from));
        }
    }

    [Fact]
    public void A_file_that_is_not_there_or_is_UTF_16_is_refused()
    {
        using var folder = new ImportFolder().With("log", Encoding.Unicode.GetPreamble());

        Should.Throw<ImportInputException>(() => new MovielogFile(folder.File("none"))).Message.ShouldContain("cannot be read");
        Should.Throw<ImportInputException>(() => new MovielogFile(folder.File("log"))).Message.ShouldContain("UTF-16");
    }

    private static List<(long Line, long Position, string Text)> Read(ImportFolder folder)
    {
        using var file = new MovielogFile(folder.File("log"));
        return Rest(file);
    }

    private static List<(long Line, long Position, string Text)> Rest(MovielogFile file)
    {
        var lines = new List<(long, long, string)>();
        while (file.TryRead(out var text)) lines.Add((file.Line, file.Position, Encoding.Latin1.GetString(text)));
        return lines;
    }
}
