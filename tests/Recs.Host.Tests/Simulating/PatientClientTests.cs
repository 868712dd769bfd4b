using System.Net;
using Recs.Host.CommandLine;
using Recs.Host.Simulating;
using Recs.Host.Tests.Securing;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.Simulating;

public sealed class PatientClientTests
{
    private readonly TestClock clock = new();
    private int pushedBack;

    [Fact]
    public async Task a_service_that_was_not_asked_for_long_is_not_gone_at_the_first_failure()
    {
        var asked = 0;
        using var client = Client(() => ++asked == 2 ? throw new HttpRequestException("refused") : HttpStatusCode.OK);
        await client.SendAsync(Request, default);
        clock.Pass(TimeSpan.FromHours(1));
        (await client.SendAsync(Request, default)).Status.ShouldBe(HttpStatusCode.OK);
        (asked, pushedBack).ShouldBe((3, 1));
    }

    [Fact]
    public async Task a_service_that_has_only_refused_for_so_long_is_gone_and_its_reason_is_told()
    {
        using var client = Client(() =>
        {
            clock.Pass(TimeSpan.FromSeconds(4));
            return HttpStatusCode.ServiceUnavailable;
        });
        (await Should.ThrowAsync<UnavailableException>(() => client.SendAsync(Request, default))).Message.ShouldContain("503");
    }

    private static HttpRequestMessage Request() => new(HttpMethod.Get, "http://service/");

    private PatientClient Client(Func<HttpStatusCode> answer) => new(new HttpClient(new Answering(answer)), TimeSpan.FromSeconds(10), clock, () => pushedBack++);

    private sealed class Answering(Func<HttpStatusCode> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(new HttpResponseMessage(answer()) { Content = new StringContent("") });
    }
}
