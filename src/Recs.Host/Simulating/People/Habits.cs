using Recs.Commands.Simulating;

namespace Recs.Host.Simulating.People;

/// <summary>Who comes when. Each person has an hour that they like best, most in the evening, and is more or less active.</summary>
internal static class Habits
{
    private const double Evening = 20, Spread = 3, Reach = 7, Awake = 0.15, Quietest = 0.1, Day = 24;
    private const int Attempts = 16;

    /// <summary>
    /// Draws the person of a visit: somebody at random comes with the probability of their habit at the hour, else somebody else is drawn; the sixteenth comes in any case.
    /// </summary>
    /// <param name="random">The simulation's randomness.</param>
    /// <param name="visit">Number of the visit over all people.</param>
    /// <param name="people">How many people there are.</param>
    /// <param name="at">When; the hour counts in UTC.</param>
    /// <returns>Number of the person, from 0.</returns>
    public static int Caller(CounterRandom random, long visit, int people, DateTimeOffset at)
    {
        var hour = at.TimeOfDay.TotalHours;
        for (var attempt = 0; ; attempt++)
        {
            var draw = visit * Attempts + attempt;
            var person = random.Below(people, Purpose.Caller, draw);
            if (attempt == Attempts - 1 || random.Uniform(Purpose.Caller, draw, 1) < Chance(random, person, hour)) return person;
        }
    }

    /// <summary>How likely a person is to come at an hour, 0 to 1.</summary>
    public static double Chance(CounterRandom random, int person, double hour)
    {
        var active = random.Uniform(Purpose.Habit, person);
        var favourite = Evening + Spread * random.Bell(Purpose.Habit, person, 1);
        return (Quietest + (1 - Quietest) * active * active) * (Awake + (1 - Awake) * Math.Max(0, 1 - Apart(hour, favourite) / Reach));
    }

    /// <summary>How busy an hour is where days go by: 1.6 at eight in the evening, 0.4 at eight in the morning, straight lines between; the mean of a day is 1.</summary>
    public static double BusynessAt(DateTimeOffset at) => 1.6 - 1.2 * Apart(at.TimeOfDay.TotalHours, Evening) / (Day / 2);

    /// <summary>Hours between two hours of the day, 0 to 12.</summary>
    private static double Apart(double a, double b)
    {
        var apart = Math.Abs(a - b) % Day;
        return Math.Min(apart, Day - apart);
    }
}
