using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Recs.Commands.Importing.Movielog;
using Recs.Contracts;
using Recs.Testing.Movielog;

namespace Recs.Commands.Tests.Importing.Movielog;

public sealed class MovielogFuzzTests
{
    [Fact]
    public void Every_damaged_line_of_a_generated_log_has_the_reason_of_its_damage_and_no_other_line_has_one()
    {
        var text = new MovielogGenerator(seed: 7, damageRate: 0.3).Write(2_000_000, out var log);

        var faults = new Dictionary<long, string>();
        var number = 0L;
        foreach (var line in Lines(text))
        {
            number++;
            var fault = MovielogLine.Read(text.AsSpan(line), out _);
            if (fault != MovielogFault.None) faults.Add(number, fault.Reason());
        }

        number.ShouldBe(log.Lines);
        faults.ShouldBe(log.Damaged, ignoreOrder: true);
        log.Damaged.Values.Distinct().Count().ShouldBe(Enum.GetValues<MovielogFault>().Length - 1, "every fault occurs");
    }

    [Fact]
    public void Whatever_the_bytes_are_a_line_is_one_record_or_has_one_fault()
        => Prop.ForAll<byte[]>(bytes => IsSound(bytes)).QuickCheckThrowOnFailure();

    [Fact]
    public void Whatever_is_changed_in_a_line_it_is_one_record_or_has_one_fault()
    {
        var text = new MovielogGenerator(seed: 11).Write(50_000, out _);
        var lines = Lines(text).Select(l => text[l]).ToArray();
        var random = new Random(13);

        for (var i = 0; i < 50_000; i++)
        {
            var line = (byte[])lines[random.Next(lines.Length)].Clone();
            for (var changes = random.Next(1, 4); changes > 0; changes--) line = Change(random, line, lines);
            IsSound(line).ShouldBeTrue(Encoding.Latin1.GetString(line));
        }
    }

    private static byte[] Change(Random random, byte[] line, byte[][] lines)
    {
        if (line.Length == 0) return line;
        var at = random.Next(line.Length);
        switch (random.Next(5))
        {
            case 0: return line[..at];
            case 1: return [.. line[..at], .. line[(at + 1)..]];
            case 2: return [.. line[..at], (byte)random.Next(256), .. line[at..]];
            case 3: return [.. line[..at], .. lines[random.Next(lines.Length)].AsSpan(random.Next(40))];
            default:
                line[at] = (byte)random.Next(256);
                return line;
        }
    }

    /// <summary>A record's fields hold what their documentation promises; a fault has a reason.</summary>
    private static bool IsSound(byte[] bytes)
    {
        var fault = MovielogLine.Read(bytes, out var line);
        if (fault != MovielogFault.None) return fault.Reason().Length > 0;
        if (!IsId(line.UserId) || line.UserId.ContainsAnyExceptInRange((byte)'0', (byte)'9')) return false;
        if (line.At.Year is < 1970 or > 2099) return false;
        if (line.Form == MovielogForm.Watch) return IsMovie(line.MovieId) && line.Value is >= 0 and <= MovielogLine.MaxMinute;
        if (line.Form == MovielogForm.Rate) return IsMovie(line.MovieId) && line.Value is >= 1 and <= 5;
        var count = 0;
        foreach (var item in line.Items)
        {
            if (!IsMovie(item)) return false;
            count++;
        }
        return count is >= 1 and <= MovielogLine.MaxItems && line.Value is >= 0 and <= 599 && line.Server.Length > 0 && line.LatencyMs >= 0;
    }

    private static bool IsMovie(ReadOnlySpan<byte> id) => IsId(id) && id.Contains((byte)'+');

    private static bool IsId(ReadOnlySpan<byte> id) => EntityId.IsValid(Encoding.UTF8.GetString(id));

    private static IEnumerable<Range> Lines(byte[] text)
    {
        for (int start = 0, end; start < text.Length; start = end + 1)
        {
            end = Array.IndexOf(text, (byte)'\n', start);
            yield return start..end;
        }
    }
}
