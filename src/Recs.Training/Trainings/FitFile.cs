using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Recs.Training.Artifacts;
using Recs.Training.Fitting;

namespace Recs.Training.Trainings;

/// <summary>
/// One fit's state between two iterations, in a file. Version 1, little endian: the 16 ASCII bytes <c>RECS-FIT-0000001</c>; the key of the fit (32 bytes); iterations and
/// number of arrays (int32 each); the length of each array (int64); their float32 numbers; sha256 of all that. It is written under another name and renamed, so what
/// has the name is whole, and the digest finds out if it is not. A part of the fit has a file of its own beside it, <c>{name}.{part}.fit</c>; once the part is done, its model
/// takes that file's place: <c>{name}.{part}.{key}.model</c>.
/// </summary>
internal sealed class FitFile : IFitCheckpoint
{
    private const string Extension = ".fit";
    private const int KeyBytes = 32;
    private const int HeadBytes = 16 + KeyBytes + 8;
    private readonly string _name;
    private readonly string _path;
    private readonly byte[] _key;
    private readonly TimeSpan _pause;
    private readonly TimeProvider _clock;
    private readonly Action<string> _say;
    private long _last;
    private bool _refused;

    /// <summary>A checkpoint of one fit.</summary>
    /// <param name="name">The file, without its extension.</param>
    /// <param name="key">sha256 of all that the fit depends on.</param>
    /// <param name="pause">Time between two writes, at least; also from now to the first.</param>
    /// <param name="clock">Real time.</param>
    /// <param name="say">Takes a line for people.</param>
    public FitFile(string name, byte[] key, TimeSpan pause, TimeProvider clock, Action<string> say)
        => (_name, _path, _key, _pause, _clock, _say, _last) = (name, name + Extension, key, pause, clock, say, clock.GetTimestamp());

    private static ReadOnlySpan<byte> Magic => "RECS-FIT-0000001"u8;

    /// <summary>The key is in its name, since its bytes are those of any model file, which know nothing of the fit.</summary>
    private string ModelPath => $"{_name}.{Convert.ToHexStringLower(_key)}.model";

    /// <inheritdoc/>
    public KeptFit? Load()
    {
        if (!File.Exists(_path))
            return null;
        var bytes = File.ReadAllBytes(_path);
        if (Read(bytes) is { } kept)
        {
            _say($"going on after iteration {kept.Iterations}, from the checkpoint '{_path}'");
            return kept;
        }

        _say($"the checkpoint '{_path}' is damaged, or of another fit, program or data set: the fit begins anew");
        return null;
    }

    /// <inheritdoc/>
    public void Offer(int iterations, IReadOnlyList<float[]> state)
    {
        Keep(_path, temporary => Write(temporary, iterations, state));
    }

    /// <inheritdoc/>
    public IFitCheckpoint Part(string name)
        => name.Length is > 0 and <= 64 && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
            ? new FitFile($"{_name}.{name}", SHA256.HashData([.. _key, .. Encoding.ASCII.GetBytes(name)]), _pause, _clock, _say)
            : throw new ArgumentException($"'{name}' is not 1 to 64 letters, digits and dashes.", nameof(name));

    /// <inheritdoc/>
    public ArtifactFiles? LoadModel()
    {
        if (!File.Exists(ModelPath))
            return null;
        try
        {
            var model = ArtifactFiles.Open(ModelPath);
            _say($"going on with a part that is done already, from the checkpoint '{ModelPath}'");
            return model;
        }
        catch (DamagedArtifactException)
        {
            _say($"the checkpoint '{ModelPath}' is damaged: this part of the fit begins anew");
            return null;
        }
    }

    /// <inheritdoc/>
    public void OfferModel(Artifact model)
    {
        Keep(ModelPath, temporary => ArtifactWriter.Write(model, temporary));
        if (File.Exists(ModelPath))
            File.Delete(_path);
    }

    /// <summary>Writes under another name and renames, unless too little time has passed.</summary>
    private void Keep(string path, Action<string> write)
    {
        if (_refused || _clock.GetElapsedTime(_last) < _pause)
            return;
        var temporary = $"{path}-{Guid.NewGuid():N}";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            write(temporary);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _refused = true; // a disk that takes no file must not cost the fit
            _say($"no checkpoint can be written to '{path}': {e.Message}");
        }
        finally
        {
            if (File.Exists(temporary))
                File.Delete(temporary);
        }

        _last = _clock.GetTimestamp(); // what writing took is not part of the pause
    }

    private void Write(string path, int iterations, IReadOnlyList<float[]> state)
    {
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Put(ReadOnlySpan<byte> part)
        {
            file.Write(part);
            hash.AppendData(part);
        }

        Put(Head(iterations, state));
        foreach (var array in state)
            Put(MemoryMarshal.AsBytes<float>(array));
        file.Write(hash.GetHashAndReset());
        file.Flush(flushToDisk: true);
    }

    private byte[] Head(int iterations, IReadOnlyList<float[]> state)
    {
        var head = new byte[HeadBytes + (8 * state.Count)];
        Magic.CopyTo(head);
        _key.CopyTo(head, Magic.Length);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(HeadBytes - 8), iterations);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(HeadBytes - 4), state.Count);
        for (var i = 0; i < state.Count; i++)
            BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(HeadBytes + (8 * i)), state[i].Length);
        return head;
    }

    /// <summary>What the bytes hold, or null if they are not whole or of another fit.</summary>
    private KeptFit? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeadBytes + SHA256.HashSizeInBytes || !bytes.StartsWith(Magic) || !bytes.Slice(Magic.Length, KeyBytes).SequenceEqual(_key)
            || !SHA256.HashData(bytes[..^SHA256.HashSizeInBytes]).AsSpan().SequenceEqual(bytes[^SHA256.HashSizeInBytes..]))
            return null;
        var arrays = new float[BinaryPrimitives.ReadInt32LittleEndian(bytes[(HeadBytes - 4)..])][];
        var at = HeadBytes + (8 * arrays.Length);
        for (var i = 0; i < arrays.Length; i++)
        {
            var length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes[(HeadBytes + (8 * i))..]);
            arrays[i] = MemoryMarshal.Cast<byte, float>(bytes.Slice(at, length * sizeof(float))).ToArray();
            at += length * sizeof(float);
        }

        return new(BinaryPrimitives.ReadInt32LittleEndian(bytes[(HeadBytes - 8)..]), arrays);
    }
}
