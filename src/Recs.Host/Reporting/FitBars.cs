using System.Collections.Concurrent;
using Recs.Training.Fitting;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Recs.Host.Reporting;

/// <summary>The bars of fits on a terminal: what each is doing, how far it is, the time that it has taken and still takes. The clock of one that is done stands still.</summary>
/// <param name="budget">Time after which nothing new begins; null if there is none.</param>
internal sealed class FitBars(TimeSpan? budget = null)
{
    private readonly ConcurrentDictionary<int, FitPace> paces = new();

    /// <summary>What stands in a line.</summary>
    public ProgressColumn[] Columns =>
    [
        new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(),
        new PaceColumn(this, pace => $"{pace.Elapsed:hh\\:mm\\:ss}"), new PaceColumn(this, pace => pace.Left is { } left ? $"{TimeLeft.Text(left)} left" : ""),
    ];

    /// <summary>A bar for a fit that begins.</summary>
    public IProgress<FitProgress> Add(ProgressContext context, string what)
    {
        var task = context.AddTask(Markup.Escape(what));
        return new Bar(task, what, paces[task.Id] = new(TimeProvider.System, budget));
    }

    private sealed class Bar(ProgressTask task, string what, FitPace pace) : IProgress<FitProgress>
    {
        public void Report(FitProgress value)
        {
            pace.Note(value);
            task.Description = Markup.Escape($"{what}: {value.Phase}{value.LossText()}");
            task.Value = value.Fraction * task.MaxValue;
        }
    }

    private sealed class PaceColumn(FitBars bars, Func<FitPace, string> text) : ProgressColumn
    {
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime)
            => new Text(bars.paces.TryGetValue(task.Id, out var pace) ? text(pace) : "");
    }
}
