using Recs.EventStore.Importing;

namespace Recs.Commands.Importing;

/// <summary>Reports the parts of an import as one.</summary>
internal sealed class OverallProgress(IProgress<ImportProgress>? target, long total)
{
    private ImportProgress before = new(0, total, 0, 0);
    private ImportProgress current = new(0, total, 0, 0);

    /// <summary>The progress of the next part.</summary>
    public IProgress<ImportProgress> Next()
    {
        before = current;
        return new Part(this);
    }

    private sealed class Part(OverallProgress overall) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value)
        {
            var before = overall.before;
            overall.current = new(before.Position + value.Position, before.Total, before.Stored + value.Stored, before.Duplicates + value.Duplicates);
            overall.Target?.Report(overall.current);
        }
    }

    private IProgress<ImportProgress>? Target => target;
}
