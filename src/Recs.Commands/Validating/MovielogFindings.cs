using Recs.Commands.Importing;
using Recs.Commands.Importing.Formats;
using Recs.Commands.Importing.Movielog;

namespace Recs.Commands.Validating;

/// <summary>Findings about a movielog of any size, in one walk over its lines and in bounded memory.</summary>
internal static class MovielogFindings
{
    /// <summary>Looks through a file.</summary>
    /// <param name="path">File.</param>
    /// <param name="erased">People of whom nothing is taken.</param>
    /// <param name="rejects">Takes the lines that are not taken, and is told of those that repeat an earlier one.</param>
    /// <param name="lateAfter">From where on a line is late.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="ImportInputException">The file cannot be read, or holds no line.</exception>
    public static BatchFindings Read(string path, ErasedPeople erased, RejectCounts rejects, TimeSpan lateAfter, CancellationToken cancel)
    {
        using var file = new MovielogFile(path);
        using var facts = new RepeatedFacts();
        var order = new LogOrder(lateAfter);
        var rows = 0L;
        for (; file.TryRead(out var text); rows++)
        {
            if (rows % 65_536 == 0) cancel.ThrowIfCancellationRequested();
            if (!MovielogRejects.TryRead(file, text, erased, out var line, out var reject))
            {
                rejects.Add(reject);
                continue;
            }
            facts.Add(IdOf(line), file.Line);
            order.Add(line.Ticks);
        }
        if (rows == 0) throw new ImportInputException($"{path}: holds no line.");
        var repeated = facts.Find(line => rejects.Repeated(file.Name, line));
        return Of(new(file.Name, rows, repeated, rejects.Total), rejects.ByReason, order);
    }

    /// <summary>Findings from what an import counted.</summary>
    public static BatchFindings Of(FileRows file, IReadOnlyDictionary<string, long> reasons, LogOrder order) => new()
    {
        Format = DataSetFormats.NameOf(DataSetFormat.Movielog),
        Files = [file],
        Reasons = reasons,
        Oldest = order.Oldest,
        Newest = order.Newest,
        Order = order.Rows,
    };

    /// <summary>The id of the line's event but for a prefix of user ids, which changes nothing about which lines are equal.</summary>
    private static Guid IdOf(in MovielogLine line) => line.Form switch
    {
        MovielogForm.Watch => FactId.Watched(line.UserId, line.MovieId, line.Value, line.Ticks),
        MovielogForm.Rate => FactId.Rated(line.UserId, line.MovieId, 2 * line.Value, line.Ticks),
        _ => FactId.Observed(line.UserId, line.Server, line.Value, line.Items.Text, line.LatencyMs, line.Ticks),
    };
}
