using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Recs.Training.Exporting.Csv;
using Recs.Training.Exporting.Parquet;
using Recs.Training.Exporting.Tables;

namespace Recs.Training.Exporting;

/// <summary>An export in its place.</summary>
/// <param name="Manifest">What it holds.</param>
/// <param name="ContentHash">sha256 of its <c>manifest.json</c>, which has the digest of every file: the name of its folder vouches for all of it.</param>
/// <param name="Path">Its folder.</param>
/// <param name="WasThere">The same export was there already; its files were left as they are.</param>
public sealed record StoredExport(ExportManifest Manifest, string ContentHash, string Path, bool WasThere)
{
    /// <summary>Size of all tables.</summary>
    public long Bytes => Manifest.Files.Sum(f => f.Bytes);
    /// <summary>Rows of all tables.</summary>
    public long Rows => Manifest.Files.Sum(f => f.Rows);
}

/// <summary>
/// A folder that is being filled under another name in the directory where it will stand, so that renaming it is one step and nobody ever sees a part of an export.
/// Disposing removes what was not published.
/// </summary>
internal sealed class ExportFolder : IDisposable
{
    /// <summary>Name of the file that tells what there is.</summary>
    public const string ManifestName = "manifest.json";
    /// <summary>The folder of a directory whose folders are named by sha256.</summary>
    public const string ByHash = "sha256";

    private const int FileBuffer = 1 << 16;

    private readonly string _directory;
    private readonly UnfinishedExport _unfinished;
    private readonly ExportFormat _format;
    private readonly ExportCompression _compression;
    private readonly List<ExportedFile> _files = [];

    /// <summary>Begins a folder, and removes what killed exports left beside it.</summary>
    /// <param name="directory">Where exports are kept; made if it does not exist.</param>
    /// <param name="format">How tables are written.</param>
    /// <param name="compression">How files are compressed.</param>
    /// <param name="now">The present by the file system's clock.</param>
    public ExportFolder(string directory, ExportFormat format, ExportCompression compression, DateTimeOffset now)
    {
        (_directory, _format, _compression) = (Path.GetFullPath(directory), format, compression);
        _unfinished = new(_directory);
        _unfinished.RemoveAbandoned(_directory, now);
    }

    /// <summary>The files so far.</summary>
    public IReadOnlyList<ExportedFile> Files => _files;

    /// <summary>Writes a table as a file of the folder.</summary>
    public async Task<ExportedFile> WriteAsync(TableSchema schema, Func<ITableWriter, Task> rows)
    {
        var name = schema.Name + (_format == ExportFormat.Parquet ? ".parquet" : _compression == ExportCompression.Gzip ? ".csv.gz" : ".csv");
        await using var file = new FileStream(Path.Combine(_unfinished.Path, name), FileMode.CreateNew, FileAccess.Write, FileShare.None, FileBuffer);
        using var sha256 = SHA256.Create();
        long written;
        await using (var hashed = new CryptoStream(file, sha256, CryptoStreamMode.Write, leaveOpen: true))
        await using (var bytes = _format == ExportFormat.Csv && _compression == ExportCompression.Gzip ? new GZipStream(hashed, CompressionLevel.Optimal, leaveOpen: true) : (Stream)hashed)
        {
            var table = _format == ExportFormat.Csv ? (ITableWriter)new CsvTable(bytes, schema) : new ParquetTable(bytes, schema, _compression == ExportCompression.Gzip ? Codec.Gzip : Codec.None);
            await rows(table);
            table.Complete();
            written = table.Rows;
        }

        file.Flush(flushToDisk: true);
        _files.Add(new(name, written, file.Length, Convert.ToHexStringLower(sha256.Hash!), [.. schema.Columns.Select(c => new ExportedColumn(c.Name, JsonNamingPolicy.CamelCase.ConvertName(c.Type.ToString()), c.Optional))]));
        return _files[^1];
    }

    /// <summary>Writes the manifest and gives the folder its name. If it is there already, that one stays.</summary>
    public StoredExport Publish(ExportManifest manifest)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(manifest, ExportJson.Default.ExportManifest);
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        using (var file = new FileStream(Path.Combine(_unfinished.Path, ManifestName), FileMode.CreateNew))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        var folder = Path.Combine(_directory, ByHash, hash);
        Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
        try
        {
            _unfinished.MoveTo(folder);
            return new(manifest, hash, folder, WasThere: false);
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            VerifyExport.Run(folder); // a damaged one must not pass for what was asked for
            return new(manifest, hash, folder, WasThere: true);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _unfinished.Dispose();
}
