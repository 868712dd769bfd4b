using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Recs.Commands.Importing;

namespace Recs.Commands.Tests.Importing;

public sealed class ReadingPropertyTests
{
    private static readonly Gen<string> GoodRow =
        from user in Gen.Choose(1, 50)
        from movie in Gen.Choose(1, 2)
        from stars in Gen.Choose(1, 5)
        from time in Gen.Choose(0, int.MaxValue)
        select $"{user}::{movie}::{stars}::{time}";

    private static readonly Gen<byte[]> AnyLine = Gen.Choose(0, 255).Where(b => b is not ('\n' or '\r')).Select(b => (byte)b).ArrayOf().Where(l => l.Length > 0);

    [Fact]
    public void Every_line_is_either_a_rating_or_a_reject_with_its_number_text_and_bytes()
    {
        var lines = Gen.OneOf(GoodRow.Select(Encoding.Latin1.GetBytes), AnyLine, from row in GoodRow from at in Gen.Choose(0, row.Length - 1) from b in Gen.Choose(32, 255) select Damage(row, at, (byte)b));

        Prop.ForAll(lines.ArrayOf().ToArbitrary(), file =>
        {
            using var folder = ImportFolder.Ml1m("").With("ratings.dat", [.. file.SelectMany(l => l.Append((byte)'\n'))]);
            var (set, rejects) = folder.Read();
            var rejected = rejects.Select(r => r.Line).ToHashSet();

            set.RatingsFile!.InputRows.ShouldBe(file.Length);
            (set.Ratings.Count + rejects.Count).ShouldBe(file.Length);
            set.Rows().ShouldBe(file.Where((_, i) => !rejected.Contains(i + 1)).Select(l => Canonical(Encoding.Latin1.GetString(l))));
            rejects.ShouldAllBe(r => (r.RawBase64 == null ? Encoding.Latin1.GetBytes(r.Raw) : Convert.FromBase64String(r.RawBase64)).SequenceEqual(file[r.Line - 1]));
            rejects.ShouldAllBe(r => r.Raw == Encoding.Latin1.GetString(file[r.Line - 1]).Replace('\0', '\uFFFD'));
        }).Check(Config.QuickThrowOnFailure);
    }

    [Fact]
    public void A_row_that_was_written_is_read_back_whatever_its_title()
    {
        var titles = from chars in Gen.Elements('a', 'Z', '"', ',', '(', ')', '1', '9', 'é', '漢', ' ', '\'').ArrayOf() select $"T{new string(chars)}x";

        Prop.ForAll(titles.ToArbitrary(), title =>
        {
            using var folder = new ImportFolder()
                .WithUtf8("movies.csv", $"movieId,title,genres\n7,\"{title.Replace("\"", "\"\"")}\",Drama\n").WithUtf8("ratings.csv", "userId,movieId,rating,timestamp\n");
            var (set, rejects) = folder.Read();

            rejects.ShouldBeEmpty();
            set.Movies.Single().Title.ShouldBe(title);
        }).Check(Config.QuickThrowOnFailure);
    }

    [Fact]
    public void A_rating_is_half_stars_and_nothing_else()
    {
        Prop.ForAll(Gen.OneOf(Gen.Elements("0", "0.5", "1", "1.0", "4.5", "5", "5.0", "5.5", "6", "4.50", "+4", " 4", "4 ", ".5", "4.", "", "NaN"), ArbMap.Default.GeneratorFor<string>().Select(s => s ?? "")).ToArbitrary(), text =>
        {
            var expected = text.Length is 1 or 3 && text.All(c => char.IsAsciiDigit(c) || c == '.') && double.TryParse(text, out var stars) && stars is >= 0.5 and <= 5 && stars * 2 % 1 == 0 && text[0] != '.' && text[^1] != '.';

            RatingFields.TryRating(Encoding.UTF8.GetBytes(text), out var halfStars).ShouldBe(expected, text);
            if (expected) (halfStars / 2.0).ShouldBe(double.Parse(text));
        }).Check(Config.QuickThrowOnFailure);
    }

    private static byte[] Damage(string row, int at, byte b)
    {
        var bytes = Encoding.Latin1.GetBytes(row);
        bytes[at] = b;
        return bytes;
    }

    private static string Canonical(string row)
    {
        var fields = row.Split("::");
        return $"{fields[0]} {fields[1]} {double.Parse(fields[2]):0.#} {uint.Parse(fields[3])}";
    }
}
