using System.Runtime.InteropServices;
using Recs.Training.Numerics;

namespace Recs.Training.Artifacts;

/// <summary>What a fit gives: named sections of bytes, not written anywhere yet. Disposing frees what it took over.</summary>
public sealed class Artifact : IDisposable
{
    private readonly List<ArtifactSection> _sections = [];
    private readonly List<IDisposable> _owned = [];
    private readonly OrderedDictionary<string, string> _findings = new(StringComparer.Ordinal);

    /// <summary>An artifact of a model's format version.</summary>
    public Artifact(string model, int formatVersion) => (Model, FormatVersion) = (model, formatVersion);

    /// <summary>Name of the recommender.</summary>
    public string Model { get; }
    /// <summary>Version of the fit's arithmetic and of the sections.</summary>
    public int FormatVersion { get; }
    /// <summary>Sections in the order they are written.</summary>
    internal IReadOnlyList<ArtifactSection> Sections => _sections;
    /// <summary>What the fit found out that is worth telling beside the version, such as the weights of a blend: sentences by name. They are part of no file.</summary>
    public IReadOnlyDictionary<string, string> Findings => _findings;

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
        _owned.Add(matrix);
        return Add(new ArtifactSection(name, matrix.Bytes, target =>
        {
            const int rowsAtATime = 64;
            for (var row = 0; row < matrix.Rows; row += rowsAtATime)
                target.Write(matrix.RowBytes(row, Math.Min(rowsAtATime, matrix.Rows - row)));
        }));
    }

    /// <summary>Adds a whole model as one section, the bytes of its own file, and takes it over.</summary>
    /// <param name="name">1 to 16 ASCII characters, unique; <see cref="ArtifactFiles.Nested"/> opens it.</param>
    /// <param name="model">The model.</param>
    public Artifact Add(string name, ArtifactFiles model)
    {
        _owned.Add(model);
        return Add(new ArtifactSection(name, model.Bytes, model.CopyTo));
    }

    /// <summary>Notes what the fit found out.</summary>
    /// <param name="name">A few words.</param>
    /// <param name="text">Invariant text.</param>
    public Artifact Found(string name, string text)
    {
        _findings[name] = text;
        return this;
    }

    /// <inheritdoc />
    public void Dispose() => _owned.ForEach(o => o.Dispose());

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
