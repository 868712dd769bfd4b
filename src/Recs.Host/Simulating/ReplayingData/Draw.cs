using System.Security.Cryptography;
using System.Text;

namespace Recs.Host.Simulating.ReplayingData;

/// <summary>Draws that depend on who and when alone, so that a run that is resumed goes on as if it had never stopped.</summary>
internal static class Draw
{
    /// <summary>Uniform in [0, 1).</summary>
    public static double Share(string person, int batch)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{batch}\n{person}"), hash);
        return BitConverter.ToUInt32(hash) * Math.ScaleB(1, -32);
    }
}
