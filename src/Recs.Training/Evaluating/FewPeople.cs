using System.Globalization;

namespace Recs.Training.Evaluating;

/// <summary>How many people a figure must rest on before it says something.</summary>
public static class FewPeople
{
    /// <summary>From here on no warning is given: a hit ratio of 0.1 has a standard error of 0.03.</summary>
    public const int Enough = 100;

    /// <summary>Fewer than these cannot choose between options: a hit more or less would decide.</summary>
    public const int LeastToTune = 10;

    /// <summary>The sentence that goes with figures of few people; null if there are enough.</summary>
    /// <param name="people">How many are judged.</param>
    public static string? Warning(int people) => people >= Enough ? null : string.Create(
        CultureInfo.InvariantCulture, $"Only {people} {(people == 1 ? "person is" : "people are")} judged, fewer than {Enough}: the figures may be chance, perfect ones too.");
}
