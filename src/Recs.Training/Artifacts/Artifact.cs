using System.Runtime.InteropServices;
using Recs.Training.Numerics;

namespace Recs.Training.Artifacts;

/// <summary>What a fit gives: named sections of bytes, not written anywhere yet. Disposing frees the matrices that it took over.</summary>
public sealed class Artifact : IDisposable
{
    private readonly List<ArtifactSection> _sections = [];
    private readonly List<Matrix> _matrices = [];

    /// <summary>An artifact of a model's format version.</summary>
    public Artifact(string model, int formatVersion) => (Model, FormatVersion) = (model, formatVersion);

    /// <summary>Name of the recommender.</summary>
    public string Model { get; }
    /// <summary>Version of the fit's arithmetic and of the sections.</summary>
    public int FormatVersion { get; }
    /// <summary>Sections in the order they are written.</summary>
    internal IReadOnlyList<ArtifactSection> Sections => _sections;

    /// <summary>Adds a column of numbers, little endian.</summary>
    /// <param name="name">1 to 16 ASCII characters, unique.</param>
    /// <param name="values">Copied.</param>
    public Artifact Add<T>(string name, ReadOnlySpan<T> values) where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(values).ToArray();
        return Add(new ArtifactSection(name, bytes.Length, target => target.Write(bytes)));
    }

    /// <summary>Adds text ids: one per line, UTF-8.</summary>
    public Artifact Add(string name, IEnumerable<string> ids)
        => Add(name, (ReadOnlySpan<byte>)System.Text.Encoding.UTF8.GetBytes(string.Concat(ids.Select(id => id + "\n"))));

    /// <summary>Adds a matrix with its row padding, and takes it over.</summary>
    public Artifact Add(string name, Matrix matrix)
    {
        _matrices.Add(matrix);
        return Add(new ArtifactSection(name, matrix.Bytes, target =>
        {
            const int rowsAtATime = 64;
            for (var row = 0; row < matrix.Rows; row += rowsAtATime)
                target.Write(matrix.RowBytes(row, Math.Min(rowsAtATime, matrix.Rows - row)));
        }));
    }

    /// <inheritdoc />
    public void Dispose() => _matrices.ForEach(m => m.Dispose());

    private Artifact Add(ArtifactSection section)
    {
        if (section.Name.Length is 0 or > SectionTable.NameBytes || !System.Text.Ascii.IsValid(section.Name))
            throw new ArgumentException($"Section name '{section.Name}' is not 1 to {SectionTable.NameBytes} ASCII characters.");
        if (_sections.Exists(s => s.Name == section.Name))
            throw new ArgumentException($"Section '{section.Name}' was added already.");
        _sections.Add(section);
        return this;
    }
}

/// <summary>One section: its bytes are written by a callback so that a large matrix is never copied.</summary>
internal sealed record ArtifactSection(string Name, long Length, Action<Stream> Write);
