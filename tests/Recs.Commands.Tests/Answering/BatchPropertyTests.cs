using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Recs.Commands.Batching;
using Recs.EventStore;
using Recs.EventStore.Appending;

namespace Recs.Commands.Tests.Answering;

public sealed class LineSplitterTests
{
    [Fact]
    public void Bytes_cut_anywhere_give_the_same_lines()
        => Prop.ForAll(Bytes().ToArbitrary(), Gen.Choose(1, 9).ListOf(50).ToArbitrary(), (bytes, cuts) =>
        {
            var lines = new List<string?>();
            var splitter = new LineSplitter(8, (line, tooLong) => lines.Add(tooLong ? null : Encoding.Latin1.GetString(line)));
            for (int at = 0, cut = 0; at < bytes.Length; cut++)
            {
                var length = Math.Min(cuts[cut % cuts.Count], bytes.Length - at);
                splitter.Feed(bytes.AsSpan(at, length));
                at += length;
            }
            splitter.End();
            lines.ShouldBe(Whole(Encoding.Latin1.GetString(bytes)));
        }).Check(Config.QuickThrowOnFailure);

    private static IEnumerable<string?> Whole(string text)
    {
        var lines = text.Split('\n');
        return (lines[^1].Length == 0 ? lines[..^1] : lines).Select(line => line.Length > 8 ? null : line);
    }

    private static Gen<byte[]> Bytes() => Gen.Frequency((1, Gen.Constant((byte)'\n')), (6, Gen.Choose(0, 255).Select(b => (byte)b))).ArrayOf();
}

public sealed class BatchDecisionTests
{
    [Fact]
    public void A_batch_is_decided_as_if_its_lines_came_one_after_another()
        => Prop.ForAll(Facts().ToArbitrary(), facts =>
        {
            var versions = new Dictionary<string, long> { ["a"] = 2, ["b"] = 1, ["gone"] = 4 };
            var decision = BatchDecision.Of(facts, new HashSet<string> { "a", "b", "gone", "new" }, versions, new HashSet<string> { "gone" });

            var (now, stored) = (new Dictionary<string, long>(versions) { ["new"] = 0 }, new List<int>());
            foreach (var fact in facts)
                if (fact.StreamId != "gone" && (fact.ExpectedVersion ?? now[fact.StreamId]) == now[fact.StreamId])
                {
                    now[fact.StreamId]++;
                    stored.Add(fact.Line);
                }
            decision.Stored.ShouldBe(stored);
            decision.Stored.Concat(decision.Refused.Select(r => r.Line)).Order().ShouldBe(facts.Select(f => f.Line));
            foreach (var appends in decision.Appends.GroupBy(a => a.StreamId))
            {
                appends.First().Expected.ShouldBe(ExpectedVersion.Exactly(versions.GetValueOrDefault(appends.Key)));
                appends.Skip(1).ShouldAllBe(a => a.Expected == ExpectedVersion.Any);
            }
        }).Check(Config.QuickThrowOnFailure);

    private static Gen<BatchFact[]> Facts() =>
        from streams in Gen.Elements("a", "b", "new", "gone").ArrayOf()
        from expected in Gen.Frequency((1, Gen.Constant<long?>(null)), (1, Gen.Choose(0, 5).Select(v => (long?)v))).ArrayOf(streams.Length)
        select streams.Select((stream, i) => new BatchFact(i + 1, stream, expected[i], new NewEvent(Guid.NewGuid(), "t", "{}"u8.ToArray()))).ToArray();
}

/// <summary>Whatever comes in, the batch route answers one result per line and never fails.</summary>
public sealed class AnyBytesTests(CommandHost host) : IClassFixture<CommandHost>
{
    private static readonly string[] Pieces =
    [
        "{", "}", "[", "]", "\"type\":", "\"rating\"", "\"watch\"", "\"userId\":\"1\"", "\"movieId\":\"1\"", "\"rating\":4", "\"minute\":1e9", "\"at\":\"9999-12-31T23:59:59.9999999-14:00\"",
        "\"expectedVersion\":9223372036854775807", "null", "\\ud800", "\"\\udc00\"", "\0", "\u2028", ",", "\n", "\r\n", "\"requestId\":\"00000000000000000000000000000000\"",
        """{"type":"rating","userId":"1","movieId":"1","rating":4}""" + "\n", """{"type":"open","userId":"1","movieId":"1","requestId":"00000000-0000-0000-0000-000000000000"}""" + "\n",
    ];

    [Fact]
    public async Task Any_bytes_get_one_result_per_line_and_never_a_5xx()
    {
        var generated = Gen.OneOf(
            Gen.Choose(0, 255).Select(b => (byte)b).ArrayOf(),
            Gen.Elements(Pieces).ArrayOf().Select(pieces => Encoding.UTF8.GetBytes(string.Concat(pieces))));
        foreach (var body in generated.Sample(200, 60))
        {
            var answer = await host.SendAsync(HttpMethod.Post, "/events", body);
            var lines = body.Count(b => b == '\n') + (body.Length > 0 && body[^1] != '\n' ? 1 : 0);
            answer.Status.ShouldBe(lines == 0 ? 400 : 207, Convert.ToHexString(body));
            if (lines > 0)
                answer.Lines.Select(l => l.GetProperty("line").GetInt32()).ShouldBe(Enumerable.Range(1, lines), Convert.ToHexString(body));
        }
    }
}
