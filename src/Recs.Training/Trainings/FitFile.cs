using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Recs.Training.Fitting;

namespace Recs.Training.Trainings;

/// <summary>
/// One fit's state between two iterations, in a file. Version 1, little endian: the 16 ASCII bytes <c>RECS-FIT-0000001</c>; the key of the fit (32 bytes); iterations and
/// number of arrays (int32 each); the length of each array (int64); their float32 numbers; sha256 of all that. It is written under another name and renamed, so what
/// has the name is whole, and the digest finds out if it is not.
/// </summary>
internal sealed class FitFile : IFitCheckpoint
{
    private const int KeyBytes = 32;
    private const int HeadBytes = 16 + KeyBytes + 8;
    private readonly string _path;
    private readonly byte[] _key;
    private readonly TimeSpan _pause;
    private readonly TimeProvider _clock;
    private readonly Action<string> _say;
    private long _last;
    private bool _refused;

    /// <summary>A checkpoint of one fit.</summary>
    /// <param name="path">The file.</param>
    /// <param name="key">sha256 of all that the fit depends on.</param>
    /// <param name="pause">Time between two writes, at least; also from now to the first.</param>
    /// <param name="clock">Real time.</param>
    /// <param name="say">Takes a line for people.</param>
    public FitFile(string path, byte[] key, TimeSpan pause, TimeProvider clock, Action<string> say)
        => (_path, _key, _pause, _clock, _say, _last) = (path, key, pause, clock, say, clock.GetTimestamp());

    private static ReadOnlySpan<byte> Magic => "RECS-FIT-0000001"u8;

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
        if (_refused || _clock.GetElapsedTime(_last) < _pause)
            return;
        try
        {
            Write(iterations, state);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _refused = true; // a disk that takes no file must not cost the fit
            _say($"no checkpoint can be written to '{_path}': {e.Message}");
        }

        _last = _clock.GetTimestamp(); // what writing took is not part of the pause
    }

    private void Write(int iterations, IReadOnlyList<float[]> state)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        var temporary = $"{_path}-{Guid.NewGuid():N}";
        try
        {
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            using (var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256))
            {
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

            File.Move(temporary, _path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
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
