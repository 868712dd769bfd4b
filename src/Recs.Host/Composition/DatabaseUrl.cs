using Npgsql;
using Recs.Host.CommandLine;

namespace Recs.Host.Composition;

/// <summary>Reads <c>--db</c>.</summary>
internal static class DatabaseUrl
{
    /// <summary>What PostgreSQL's own programs call in another way than Npgsql.</summary>
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["sslmode"] = "SSL Mode",
        ["sslrootcert"] = "Root Certificate",
        ["sslcert"] = "SSL Certificate",
        ["sslkey"] = "SSL Key",
        ["application_name"] = "Application Name",
        ["connect_timeout"] = "Timeout",
        ["target_session_attrs"] = "Target Session Attributes",
    };

    /// <summary>Turns <c>postgres://user:password@host:port/database?key=value</c>, or what is an Npgsql connection string already, into the latter.</summary>
    /// <exception cref="UsageException">It is neither.</exception>
    public static string ToConnectionString(string value)
    {
        try
        {
            return value.StartsWith("postgres://", StringComparison.Ordinal) || value.StartsWith("postgresql://", StringComparison.Ordinal)
                ? FromUrl(new Uri(value))
                : new NpgsqlConnectionStringBuilder(value).ConnectionString;
        }
        catch (Exception e) when (e is ArgumentException or UriFormatException or FormatException)
        {
            throw new UsageException($"--db is neither a postgres:// URL nor an Npgsql connection string: {e.Message}", e);
        }
    }

    /// <summary>Who is where, for people: <c>user@host:port/database</c>, nothing secret.</summary>
    public static string Describe(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        return $"{builder.Username}@{builder.Host}:{builder.Port}/{builder.Database ?? builder.Username}";
    }

    private static string FromUrl(Uri url)
    {
        var account = url.UserInfo.Split(':', 2);
        var builder = new NpgsqlConnectionStringBuilder { Host = Uri.UnescapeDataString(url.Host), Port = url.Port < 0 ? 5432 : url.Port };
        if (account[0].Length > 0) builder.Username = Uri.UnescapeDataString(account[0]);
        if (account.Length > 1) builder.Password = Uri.UnescapeDataString(account[1]);
        if (url.AbsolutePath.Length > 1) builder.Database = Uri.UnescapeDataString(url.AbsolutePath[1..]);
        foreach (var pair in url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2);
            var (key, value) = (Uri.UnescapeDataString(parts[0]), Uri.UnescapeDataString(parts[^1]));
            builder[Names.GetValueOrDefault(key, key)] = key == "sslmode" ? value.Replace("-", "", StringComparison.Ordinal) : value; // verify-full
        }
        return builder.ConnectionString;
    }
}
