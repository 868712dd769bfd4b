namespace Recs.Training.Tests;

internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("recs-test-").FullName;
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
