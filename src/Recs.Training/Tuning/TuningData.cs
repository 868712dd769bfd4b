using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Recs.Training.Evaluating;
using Recs.Training.Evaluating.Protocols;
using Recs.Training.Numerics;
using Recs.Training.Snapshots;

namespace Recs.Training.Tuning;

/// <summary>
/// What a tuning may see: the data set without what models are judged by in the end (each person's last movie, or the held-out tenth of the ratings), cut once more by
/// the same protocol. Nothing of what was cut away first is in here, so it cannot shape a choice.
/// </summary>
internal sealed class TuningData
{
    /// <summary>Seed of the cuts: that of an evaluation where nobody says otherwise, whatever the seed of the tuning, so that both cut the same ratings away.</summary>
    private const ulong CutSeed = 1;
    private const ulong Purpose = 0x7065726f706c65; // "people"
    private readonly Split _whole;
    private readonly int[] _place;

    private TuningData(Split whole, int[] place) => (_whole, _place) = (whole, place);

    /// <summary>Cuts.</summary>
    /// <param name="data">Data set; watches are left out, since the protocols are defined on ratings.</param>
    /// <param name="metric">Decides the protocol.</param>
    /// <param name="seed">Key of the order in which people join from rung to rung.</param>
    /// <exception cref="NothingToJudgeException">Hardly anybody is left to judge, or nothing to fit.</exception>
    public static TuningData Of(InteractionSet data, TuningMetric metric, ulong seed)
    {
        IProtocol protocol = metric == TuningMetric.Ndcg ? new LeaveLastOut() : new RandomRatings();
        var whole = protocol.CutForTuning(TimeOrder.Of(data.RatingsOnly()), CutSeed);
        if (whole.People.Count == 0 || whole.Train.Count == 0)
            throw new NothingToJudgeException($"The data set is too small to tune on: {data.Count} interactions leave nobody to judge, or nothing to fit.");
        if (whole.People.Select(p => p.User).Distinct().Count() is < FewPeople.LeastToTune and var people)
            throw new NothingToJudgeException($"The data set is too small to tune on: options would be judged by {people} {(people == 1 ? "person" : "people")}, fewer than {FewPeople.LeastToTune}, so that chance would choose.");
        var random = new CounterRandom(seed, Purpose);
        var order = whole.People.Select(p => p.User).Distinct().OrderBy(user => random.Bits((ulong)user)).ThenBy(user => user).ToArray();
        var place = new int[whole.Train.Users.Count];
        Array.Fill(place, int.MaxValue);
        for (var i = 0; i < order.Length; i++)
            place[order[i]] = i;
        return new(whole, place) { Users = order.Length };
    }

    /// <summary>People who can be judged.</summary>
    public required int Users { get; init; }

    /// <summary>The data of a rung: some of the people, with all that they rated; a greater share holds every smaller one. On the whole, also those whom nobody can judge.</summary>
    /// <param name="share">More than 0, at most 1.</param>
    public Split Part(double share)
    {
        if (share >= 1)
            return _whole;
        var count = (int)Math.Ceiling(share * Users);
        var keep = new bool[_whole.Train.Count];
        for (var i = 0; i < keep.Length; i++)
            keep[i] = _place[_whole.Train.User[i]] < count;
        return new(_whole.Train.Where(keep), [.. _whole.People.Where(p => _place[p.User] < count)]);
    }

    /// <summary>Digest of all that a tuning sees, lower-case hexadecimal.</summary>
    public string Sha256()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.ASCII.GetBytes(_whole.Train.Sha256 + _whole.Train.GenresSha256 + _whole.Train.TitlesSha256 + _whole.Train.DemographicsSha256));
        foreach (var person in _whole.People)
        {
            hash.AppendData(MemoryMarshal.AsBytes<int>([person.User, .. person.Targets]));
            hash.AppendData(person.TargetHalfStars);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
