using Recs.Training.Fitting;

namespace Recs.Training.Tests.Trainings;

public class TrainingLeasesTests
{
    [Fact]
    public async Task Of_many_who_ask_for_a_job_one_gets_it()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        await database.AskAsync("popularity");
        var claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => database.Leases.ClaimAsync()));
        claims.Count(c => c is not null).ShouldBe(1);
    }

    [Fact]
    public async Task A_holder_that_falls_silent_loses_the_job_to_the_next_and_cannot_come_back()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        var id = await database.AskAsync("popularity");
        var first = (await database.Leases.ClaimAsync())!;
        (await database.Leases.ClaimAsync()).ShouldBeNull();
        await database.SilenceAsync(id);
        (await database.Jobs.FindAsync(id))!.State.ShouldBe("waiting");
        var second = (await database.Leases.ClaimAsync())!;
        (second.TrainingId, second.Attempt).ShouldBe((id, 2));
        (await database.Leases.RenewAsync(first, default)).ShouldBeFalse();
        await database.Leases.ReleaseAsync(first, tried: false);
        (await database.Leases.RenewAsync(second, new FitProgress("factor", 0.5))).ShouldBeTrue();
        var job = (await database.Jobs.FindAsync(id))!;
        (job.State, job.Phase, job.Fraction, job.Attempt).ShouldBe(("running", "factor", 0.5, 2));
    }

    [Fact]
    public async Task A_holder_that_came_back_in_time_still_holds_the_job()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        var id = await database.AskAsync("popularity");
        var lease = (await database.Leases.ClaimAsync())!;
        await database.SilenceAsync(id);
        (await database.Leases.RenewAsync(lease, default)).ShouldBeTrue();
        (await database.Leases.ClaimAsync()).ShouldBeNull();
    }

    /// <summary>A fit tells such a loss just before it ends as diverged, and whoever asks about the job gets JSON, which cannot say it.</summary>
    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public async Task A_loss_that_is_no_number_is_told_as_none(double loss)
    {
        await using var database = await TrainingDatabase.CreateAsync();
        var id = await database.AskAsync("popularity");
        await database.Leases.RenewAsync((await database.Leases.ClaimAsync())!, new FitProgress("attend", 0.5, loss, loss));
        var job = (await database.Jobs.FindAsync(id))!;
        (job.Fraction, job.Loss, job.Validation).ShouldBe((0.5, null, null));
    }

    [Fact]
    public async Task A_job_that_is_given_back_is_free_at_once_and_costs_no_attempt()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        await database.AskAsync("popularity");
        await database.Leases.ReleaseAsync((await database.Leases.ClaimAsync())!, tried: false);
        (await database.Leases.ClaimAsync())!.Attempt.ShouldBe(1);
    }

    [Fact]
    public async Task Jobs_are_taken_in_the_order_in_which_they_were_asked_for()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        string[] asked = [await database.AskAsync("popularity"), await database.AskAsync("linear-autoregression"), await database.AskAsync("popularity")];
        List<string> taken = [];
        while (await database.Leases.ClaimAsync() is { } lease)
            taken.Add(lease.TrainingId);
        taken.ShouldBe(asked);
    }
}
