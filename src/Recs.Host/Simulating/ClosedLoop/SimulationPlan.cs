using Recs.Commands.Simulating;
using Recs.Host.Observing;
using Recs.Host.Simulating.People;

namespace Recs.Host.Simulating.ClosedLoop;

/// <summary>What a simulation is asked to do.</summary>
/// <param name="Users">How many people there are.</param>
/// <param name="Rate">Visits a second of real time.</param>
/// <param name="Length">How long visits begin, real time.</param>
/// <param name="Seed">Seed of the people and of all that they do.</param>
/// <param name="UserPrefix">What user ids begin with; the person's number from 1 follows.</param>
/// <param name="Finds">In which share of their visits people look for films by themselves, 0 to 1.</param>
/// <param name="Shifts">What changes on the way, in the order of time.</param>
internal sealed record SimulationPlan(int Users, double Rate, TimeSpan Length, ulong Seed, string UserPrefix, double Finds, IReadOnlyList<Shift> Shifts)
{
    /// <summary>Seconds of a person's own time that a visit takes with a film: what <see cref="Pace"/> makes room for.</summary>
    private const double TypicalVisitSeconds = 2700;

    /// <summary>The simulation's randomness.</summary>
    public CounterRandom Random => new(Seed);

    /// <summary>A person's user id.</summary>
    public string UserIdOf(int person) => $"{UserPrefix}{person + 1}";

    /// <summary>About how many visits there are: rate times length times the mean volume. Where days go by, a part of a day has more or fewer.</summary>
    public long VisitsAbout => Math.Max(1, (long)Math.Round(Rate * Length.TotalSeconds * Enumerable.Range(0, 1000).Average(i => Shift.MoodAt(Shifts, i / 1000.0).Volume)));

    /// <summary>Every visit, in the order of time. A slow service changes nothing about it.</summary>
    /// <param name="clock">The service's clock at the start of the run.</param>
    public IEnumerable<PlannedVisit> Visits(MonitoringRoutes.ClockReading clock)
    {
        var (random, due) = (Random, TimeSpan.Zero);
        for (var number = 0L; due < Length; number++)
        {
            var mood = Shift.MoodAt(Shifts, due / Length);
            var at = clock.Now + due * clock.Speed;
            yield return new(due, Habits.Caller(random, number, Users, at), mood);
            // In real time a run sees an hour or two and keeps its rate; where days go by, people come in the evening.
            var busyness = clock.Speed > 1 ? Habits.BusynessAt(at) : 1;
            due += TimeSpan.FromSeconds(1 / (Rate * mood.Volume * busyness));
        }
    }

    /// <summary>
    /// How much faster than the service's clock people live, 1 or more. With 1 a film takes its time, and a person that watches does not come again. So where a visit of
    /// 45 minutes would take more than a quarter of the time between two visits of a person, or a tenth of the run, they live as much faster as makes it fit.
    /// </summary>
    /// <param name="speed">Speed of the service's clock.</param>
    public double Pace(double speed)
    {
        var room = Math.Min(Users / Rate / 4, Length.TotalSeconds / 10) * speed;
        return Math.Max(1, TypicalVisitSeconds / room);
    }
}

/// <summary>A visit that is to begin.</summary>
/// <param name="Due">When, from the start of the run, real time.</param>
/// <param name="Person">Whose.</param>
/// <param name="Mood">What holds then.</param>
internal sealed record PlannedVisit(TimeSpan Due, int Person, Mood Mood);
