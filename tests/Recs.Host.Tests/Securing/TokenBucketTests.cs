using FsCheck;
using FsCheck.Fluent;
using Recs.Host.Securing.Limits;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.Securing;

public sealed class TokenBucketTests
{
    [Fact]
    public void no_stretch_of_time_gets_more_than_the_bucket_and_what_flowed_in()
        => Prop.ForAll(Gen.Choose(1, 50).ToArbitrary(), Gen.Choose(0, 4000).ListOf(60).ToArbitrary(), (perMinute, pauses) =>
        {
            var (bucket, now, taken) = (default(TokenBucket), 1000.0, new List<double>());
            foreach (var pause in pauses)
            {
                now += pause / 1000.0;
                bucket = bucket.Take(perMinute, now, out var wait);
                if (wait == 0)
                    taken.Add(now);
            }
            return taken.All(from => taken.Count(at => at >= from) <= perMinute + ((now - from) * perMinute / 60) + 1e-6);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void whoever_waits_as_told_is_let_in_and_no_sooner()
        => Prop.ForAll(Gen.Choose(1, 5000).ToArbitrary(), Gen.Choose(0, 60_000).ToArbitrary(), (perMinute, start) =>
        {
            var bucket = default(TokenBucket);
            double wait;
            do
                bucket = bucket.Take(perMinute, start, out wait);
            while (wait == 0);
            bucket.Take(perMinute, start + (wait * 0.9), out var early);
            bucket.Take(perMinute, start + (wait * 1.000001), out var late);
            return early > 0 && late == 0;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void a_minute_of_quiet_fills_it()
    {
        var bucket = default(TokenBucket).Take(60, 10, out _);
        bucket.IsFull(60, 10.5).ShouldBeFalse();
        bucket.IsFull(60, 11).ShouldBeTrue();
    }
}
