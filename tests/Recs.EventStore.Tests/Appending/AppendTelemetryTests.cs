using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using System.Text.RegularExpressions;
using Recs.EventStore.Appending;
using Recs.EventStore.Telemetry;
using Shouldly;

namespace Recs.EventStore.Tests.Appending;

public sealed class AppendTelemetryTests
{
    [Fact]
    public async Task An_append_is_measured()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var appender = new EventAppender(store.Source, store.Options);
        var measured = new ConcurrentBag<(string Instrument, double Value, string Tag)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Meter.Name == EventStoreTelemetry.Name) l.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((i, value, tags, _) => measured.Add((i.Name, value, tags.Length > 0 ? $"{tags[0].Value}" : "")));
        listener.SetMeasurementEventCallback<long>((i, value, tags, _) => measured.Add((i.Name, value, tags.Length > 0 ? $"{tags[0].Value}" : "")));
        listener.Start();

        // A type and a number of events that no other test uses: the meter is the process's.
        await appender.AppendAsync(new([new("s", ExpectedVersion.Any, [.. Enumerable.Range(0, 77).Select(_ => Given.Event("measured_thing"))])]));
        await Should.ThrowAsync<ConcurrencyException>(async () => await appender.AppendAsync(Given.To("s", ExpectedVersion.NewStream)));

        measured.ShouldContain(("recs_events_appended_total", 77, "measured_thing"));
        measured.ShouldContain(("recs_append_batch_events", 77, ""));
        measured.ShouldContain(m => m.Instrument == "recs_append_seconds" && m.Tag == "stored" && m.Value > 0);
        measured.ShouldContain(m => m.Instrument == "recs_append_seconds" && m.Tag == "refused");
        measured.Where(m => m.Instrument == "recs_append_queue_depth").Select(m => m.Value).Distinct().Order().ShouldBe([-1d, 1d]);
    }

    [Fact]
    public async Task A_batch_has_a_span_linked_to_its_callers()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var appender = new EventAppender(store.Source, store.Options);
        using var caller = new Activity("caller").Start();
        var batch = new TaskCompletionSource<Activity>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == EventStoreTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = span =>
            {
                if (span.OperationName == "append batch" && span.Links.Any(l => l.Context.TraceId == caller.TraceId)) batch.TrySetResult(span);
            },
        };
        ActivitySource.AddActivityListener(listener);

        await appender.AppendAsync(Given.To("s"));

        (await batch.Task.WaitAsync(TimeSpan.FromSeconds(20))).GetTagItem("recs.appends").ShouldBe(1);
    }

    [Theory]
    [InlineData("", """{"traceparent": "T"}""")]
    [InlineData("{}", """{"traceparent": "T"}""")]
    [InlineData(""" { "tenant": "x" }""", """{"tenant": "x", "traceparent": "T"}""")]
    [InlineData("""{"traceparent": "mine"}""", """{"traceparent": "mine"}""")]
    public async Task An_event_of_a_recorded_trace_names_it_beside_its_own_headers(string headers, string stored)
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var appender = new EventAppender(store.Source, store.Options);
        using var caller = new Activity("caller") { ActivityTraceFlags = ActivityTraceFlags.Recorded };
        caller.Start();

        await appender.AppendAsync(new([new("s", ExpectedVersion.Any, [Given.Event() with { Headers = Encoding.UTF8.GetBytes(headers) }])]));

        await using var read = store.Source.CreateCommand($"select headers::text from {store.Options.Schema}.mt_events");
        var found = (string)(await read.ExecuteScalarAsync())!;
        Regex.Replace(found, $"00-{caller.TraceId}-[0-9a-f]{{16}}-01", "T").ShouldBe(stored);
    }
}
