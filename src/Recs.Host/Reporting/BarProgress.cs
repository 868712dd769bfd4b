using Recs.Training.Fitting;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Recs.Host.Reporting;

/// <summary>Progress on a terminal.</summary>
internal sealed class BarProgress(ProgressTask task) : IProgress<(long Done, long Total)>
{
    public void Report((long Done, long Total) value)
    {
        task.MaxValue = Math.Max(1, value.Total);
        task.Value = value.Done;
    }
}

/// <summary>What a fit tells, for people.</summary>
internal static class FitWords
{
    /// <summary><c>, loss 0.1234, validation NDCG@10 0.0567</c>; nothing for a fit without iterations.</summary>
    public static string LossText(this FitProgress progress) => Text("loss", progress.Loss, "G5") + Text("validation NDCG@10", progress.Validation, "F4");

    private static string Text(string name, double? value, string format) => value is { } number ? $", {name} {number.ToString(format, System.Globalization.CultureInfo.InvariantCulture)}" : "";
}

/// <summary>How many units a second.</summary>
internal sealed class RateColumn(string unit) : ProgressColumn
{
    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime)
        => new Text($"{task.Value / Math.Max(0.001, task.ElapsedTime?.TotalSeconds ?? 0):N0} {unit}/s");
}

/// <summary>The time left, from somebody who knows it better than the rate so far.</summary>
internal sealed class TimeLeftColumn(Func<TimeSpan> timeLeft) : ProgressColumn
{
    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) => new Text(TimeLeft.Text(timeLeft()));
}
