using System.Security.Cryptography;
using System.Text;

namespace Recs.Training.Trainings;

/// <summary>
/// Ids of a training's events, derived from its own id: the log refuses a second event of an id, so a training has one request and one outcome, whatever
/// dies or races. (SHA-256 in the form of a version 8 UUID, RFC 9562.)
/// </summary>
internal static class TrainingEventIds
{
    /// <summary>Id of <c>training_requested</c>.</summary>
    public static Guid Request(string trainingId) => Of("request", trainingId);

    /// <summary>Id of the outcome, whichever it is.</summary>
    public static Guid Outcome(string trainingId) => Of("outcome", trainingId);

    private static Guid Of(string part, string trainingId)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"training:{part}:{trainingId}"));
        hash[6] = (byte)(0x80 | (hash[6] & 0x0F));
        hash[8] = (byte)(0x80 | (hash[8] & 0x3F));
        return new(hash.AsSpan(0, 16), bigEndian: true);
    }
}
