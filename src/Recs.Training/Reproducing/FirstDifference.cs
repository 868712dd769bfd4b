using Recs.Contracts.Registry;
using Recs.Training.Artifacts;

namespace Recs.Training.Reproducing;

/// <summary>Says where a reproduced artifact first differs from the recorded one.</summary>
internal static class FirstDifference
{
    public static string Describe(ModelTrained manifest, StoredArtifact again, ArtifactStore recorded, ArtifactStore reproduced)
    {
        var (was, now) = (manifest.Files[0], again.Files[0]);
        var digests = $"{was.Name} was {was.Bytes} bytes with sha256 {was.Sha256}, now {now.Bytes} bytes with {now.Sha256}";
        if (!recorded.Contains(manifest.ContentHash))
            return digests + "; the recorded file is not in the artifact store, so the first differing byte is unknown";
        using FileStream a = File.OpenRead(recorded.PathOf(manifest.ContentHash)), b = File.OpenRead(reproduced.PathOf(again.ContentHash));
        return Offset(a, b) is { } offset ? $"{digests}; the first difference is at byte {offset}" : $"{digests}; the stored file equals the new one, so its recorded digest was altered";
    }

    /// <summary>Offset of the first byte that differs (the shorter length if one is a prefix of the other), or null.</summary>
    internal static long? Offset(Stream a, Stream b)
    {
        byte[] left = new byte[1 << 16], right = new byte[1 << 16];
        for (long offset = 0; ; offset += left.Length)
        {
            var (inLeft, inRight) = (a.ReadAtLeast(left, left.Length, false), b.ReadAtLeast(right, right.Length, false));
            var same = left.AsSpan(0, inLeft).CommonPrefixLength(right.AsSpan(0, inRight));
            if (same < Math.Max(inLeft, inRight))
                return offset + same;
            if (inLeft < left.Length)
                return null;
        }
    }
}
