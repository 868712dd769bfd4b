using System.Collections;
using System.Net;
using Recs.Host.CommandLine;
using Recs.Host.Configuring;
using Recs.Host.Securing;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.Securing;

public sealed class SecuritySettingsTests
{
    private static SecurityOptions Of(params (string Variable, string Value)[] environment)
        => SecuritySettings.Of(Settings.Resolve(_ => null, new Hashtable(environment.ToDictionary(v => v.Variable, v => v.Value)), null));

    [Fact]
    public void without_a_word_the_secret_is_the_homes_and_everything_else_is_closed()
    {
        var options = Of(("RECS_HOME", "/srv/recs"));
        options.SecretFile.ShouldBe("/srv/recs/jwt-secret");
        options.JwksAddress.ShouldBeNull();
        options.CorsOrigins.ShouldBeEmpty();
        options.TrustedProxies.ShouldBeEmpty();
        options.Limits.ShouldBe(new());
    }

    [Fact]
    public void with_public_keys_alone_no_secret_of_the_home_is_trusted()
        => Of(("RECS_JWKS_URL", "https://issuer.example/keys")).SecretFile.ShouldBeNull();

    [Theory]
    [InlineData("RECS_JWKS_URL", "http://issuer.example/keys", "https")]
    [InlineData("RECS_JWKS_URL", "https://name:s3cret@issuer.example/keys", "***")]
    [InlineData("RECS_JWKS_URL", "file:///etc/keys", "https")]
    [InlineData("RECS_JWKS_MAX_AGE", "0", "from 1")]
    [InlineData("RECS_JWT_SECRET_FILE", "/nowhere/secret", "/nowhere/secret")]
    [InlineData("RECS_LIMIT_USER", "-1", "limit-user")]
    [InlineData("RECS_LIMIT_ANONYMOUS", "many", "limit-anonymous")]
    [InlineData("RECS_TRUSTED_PROXIES", "10.0.0.0/33", "10.0.0.0/33")]
    [InlineData("RECS_CORS_ORIGINS", "*", "origin")]
    [InlineData("RECS_CORS_ORIGINS", "https://app.example/page", "origin")]
    public void what_makes_no_sense_is_refused_with_its_name(string variable, string value, string named)
        => Should.Throw<UsageException>(() => Of((variable, value))).Message.ShouldContain(named);

    [Fact]
    public void proxies_are_addresses_or_networks()
        => Of(("RECS_TRUSTED_PROXIES", "10.0.0.0/8, 192.0.2.7,2001:db8::/32")).TrustedProxies
            .ShouldBe([IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("192.0.2.7/32"), IPNetwork.Parse("2001:db8::/32")]);
}
