using System.Security.Cryptography;
using System.Text;
using Recs.Contracts.Registry;
using Recs.Training.Fitting;

namespace Recs.Training.Trainings;

/// <summary>
/// Checkpoints of fits that are under way, one file per training, <c>{training id}.fit</c>, and one per part of a fit that is made of fits (<see cref="FitFile"/>). A process
/// that takes a training over goes on from there. A file names all that the fit depends on, the very program included; one of anything else is not used.
/// </summary>
/// <param name="folder">Made with the first checkpoint.</param>
/// <param name="clock">Real time.</param>
/// <param name="say">Takes a line for people.</param>
public sealed class FitCheckpoints(string folder, TimeProvider clock, Action<string> say)
{
    /// <summary>Time between two checkpoints of a fit, at least.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The checkpoint of a training.</summary>
    /// <param name="request">The training.</param>
    /// <param name="snapshotSha256">Digest of the data that it is fitted on, genres and demographics included.</param>
    /// <param name="formatVersion">Version of the fit's arithmetic.</param>
    /// <param name="code">The code that fits.</param>
    /// <returns>Null if the training's id cannot be a file's name.</returns>
    public IFitCheckpoint? Of(TrainingRequested request, string snapshotSha256, int formatVersion, CodeRevision code)
        => IsName(request.TrainingId) ? new FitFile(Path.Combine(folder, request.TrainingId), Key(request, snapshotSha256, formatVersion, code), Pause, clock, say) : null;

    /// <summary>Removes the checkpoints of a training that has its outcome.</summary>
    public void Remove(string trainingId)
    {
        if (!IsName(trainingId) || !Directory.Exists(folder))
            return;
        foreach (var file in Directory.GetFiles(folder, trainingId + ".*"))
            File.Delete(file);
    }

    /// <summary>The trainings that have checkpoints.</summary>
    public IReadOnlyList<string> Trainings()
        => Directory.Exists(folder) ? [.. Directory.GetFiles(folder).Select(f => Path.GetFileName(f).Split('.')[0]).Where(IsName).Distinct()] : [];

    private static byte[] Key(TrainingRequested request, string snapshotSha256, int formatVersion, CodeRevision code)
    {
        // Of a work tree with changes the revision says too little; the module's id changes with every change of the code.
        var build = $"{code.Revision}{(code.Dirty ? "+" : "")} {typeof(FitCheckpoints).Assembly.ManifestModule.ModuleVersionId}";
        var options = string.Join('\n', request.Options.OrderBy(o => o.Key, StringComparer.Ordinal).Select(o => $"{o.Key}={o.Value}"));
        return SHA256.HashData(Encoding.UTF8.GetBytes($"{request.TrainingId}\n{request.Model}\n{formatVersion}\n{build}\n{snapshotSha256}\n{request.Seed}\n{options}"));
    }

    private static bool IsName(string trainingId) => trainingId.Length is > 0 and <= 64 && trainingId.All(char.IsAsciiLetterOrDigit);
}
