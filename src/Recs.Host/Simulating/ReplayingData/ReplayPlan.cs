using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Recs.Commands.Importing;

namespace Recs.Host.Simulating.ReplayingData;

/// <summary>What is replayed, and in which pieces.</summary>
/// <param name="Set">The data set.</param>
/// <param name="From">Share of its ratings that come before.</param>
/// <param name="Speed">The data's seconds per real second.</param>
/// <param name="Batches">What is sent, in order.</param>
/// <param name="Facts">Ratings in all batches.</param>
internal sealed record ReplayPlan(DataSet Set, double From, double Speed, IReadOnlyList<ReplayBatch> Batches, int Facts)
{
    /// <summary>Real time that a batch spans.</summary>
    private const double BatchSeconds = 0.05;

    /// <summary>Identifies the run: the same data, share and pace are the same batches under the same keys, so that the service takes each once, whoever sends it how often.</summary>
    public string Id { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Set.Digest}\n{From:R}\n{Speed:R}"))))[..16];

    /// <summary>How long before a batch the people who are in it ask for a slate, in the data's time: early enough to have it before they act.</summary>
    public TimeSpan Lead { get; } = TimeSpan.FromSeconds(Math.Max(1, Speed * BatchSeconds));

    /// <summary>When the first facts happened.</summary>
    public DateTimeOffset Begins => Batches[0].From;

    /// <summary>By when the last have.</summary>
    public DateTimeOffset Ends => Batches[^1].Until;

    /// <summary>Plans.</summary>
    /// <exception cref="ImportInputException">Nothing is left to replay.</exception>
    public static ReplayPlan Of(DataSet set, double from, double speed)
    {
        var rows = DataSetPart.RowsFrom(set, from);
        return rows.Length == 0
            ? throw new ImportInputException($"'{set.Name}' has no rating after its first {from:P0}: there is nothing to replay.")
            : new(set, from, speed, ReplayBatch.Cut(set, rows, TimeSpan.FromSeconds(speed * BatchSeconds)), rows.Length);
    }

    /// <summary>Key of a batch: its request, sent again, is answered from what it did the first time.</summary>
    public string KeyOf(ReplayBatch batch) => $"replay-{Id}-{batch.Number}";
}
