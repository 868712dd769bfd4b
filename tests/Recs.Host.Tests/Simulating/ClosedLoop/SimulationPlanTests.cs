using Recs.Host.Observing;
using Recs.Host.Simulating.ClosedLoop;
using Recs.Host.Simulating.People;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.Simulating.ClosedLoop;

public sealed class SimulationPlanTests
{
    private static readonly MonitoringRoutes.ClockReading Real = new(false, new(2030, 1, 1, 20, 0, 0, TimeSpan.Zero), 1);

    [Fact]
    public void visits_come_at_the_rate_and_a_shift_of_volume_changes_it()
    {
        Plan("").Visits(Real).Count().ShouldBe(600);
        var visits = Plan("volume:3@0.5").Visits(Real).ToList();
        visits.Count(v => v.Due < TimeSpan.FromSeconds(30)).ShouldBe(300);
        visits.Count(v => v.Due >= TimeSpan.FromSeconds(30)).ShouldBeInRange(899, 901);
    }

    [Fact]
    public void the_same_seed_plans_the_same_visits()
    {
        Plan("tastes@0.5").Visits(Real).ShouldBe(Plan("tastes@0.5").Visits(Real));
        Plan("").Visits(Real).Select(v => v.Person).ShouldNotBe((Plan("") with { Seed = 2 }).Visits(Real).Select(v => v.Person));
    }

    [Fact]
    public void some_people_come_often_and_most_prefer_an_hour()
    {
        var visits = (Plan("") with { Users = 100 }).Visits(Real).CountBy(v => v.Person).Select(c => c.Value).Order().ToList();
        visits[^1].ShouldBeGreaterThan(3 * visits[visits.Count / 2]);
        double Chance(double hour) => Enumerable.Range(0, 1000).Average(p => Habits.Chance(new(1), p, hour));
        Chance(20).ShouldBeGreaterThan(2 * Chance(8));
    }

    [Fact]
    public void where_days_go_by_people_come_in_the_evening_and_a_day_has_the_rate_on_average()
    {
        var visits = Plan("").Visits(Real with { Speed = 1440 }).ToList(); // one minute is a day
        visits.Count.ShouldBeInRange(595, 605);
        // From eight in the evening on, the first and the last six hours are those around it.
        visits.Count(v => v.Due < TimeSpan.FromSeconds(15) || v.Due >= TimeSpan.FromSeconds(45)).ShouldBeGreaterThan(380);
    }

    [Fact]
    public void people_live_faster_only_where_a_visit_would_not_fit()
    {
        Plan("").Pace(speed: 1).ShouldBe(2700 / 6.0); // a tenth of the minute
        (Plan("") with { Users = 10 }).Pace(speed: 1).ShouldBe(2700 / 0.25); // a quarter of the second between two visits of a person
        Plan("").Pace(speed: 1000).ShouldBe(1);
    }

    private static SimulationPlan Plan(string shifts) => new(1000, 10, TimeSpan.FromMinutes(1), 1, "sim-", 0, Shift.Parse(shifts));
}
