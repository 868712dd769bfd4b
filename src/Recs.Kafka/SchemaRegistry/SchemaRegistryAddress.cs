using System.Net.Http.Headers;
using System.Text;

namespace Recs.Kafka.SchemaRegistry;

/// <summary>Where a schema registry is and who asks it.</summary>
public sealed class SchemaRegistryAddress
{
    private SchemaRegistryAddress(Uri url, AuthenticationHeaderValue? credentials) => (Url, Credentials) = (url, credentials);

    /// <summary>Address without credentials; ends with a slash, so that what is below it can be named relative to it.</summary>
    public Uri Url { get; }

    /// <summary>Header of basic authentication; null for none.</summary>
    internal AuthenticationHeaderValue? Credentials { get; }

    /// <summary>Reads <c>http(s)://[user:password@]host[:port][/path]</c>.</summary>
    /// <exception cref="FormatException">It is none; the message does not repeat the password.</exception>
    public static SchemaRegistryAddress Parse(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var given) || given.Scheme is not ("http" or "https") || given.Host.Length == 0 || given.Query.Length > 0 || given.Fragment.Length > 0)
            throw new FormatException("A schema registry's address looks like http://registry:8081 or https://user:password@registry.example.org/path.");
        var plain = new UriBuilder(given) { UserName = "", Password = "", Path = given.AbsolutePath.TrimEnd('/') + "/" }.Uri;
        var account = Encoding.UTF8.GetBytes(Uri.UnescapeDataString(given.UserInfo)); // of user%3Aname:password the first colon would be the user's, but RFC 7617 forbids such names
        return new(plain, account.Length > 0 ? new("Basic", Convert.ToBase64String(account)) : null);
    }

    /// <summary>The address, nothing secret.</summary>
    public override string ToString() => Url.ToString().TrimEnd('/');
}
