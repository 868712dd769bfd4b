using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Recs.Acceptance.Fuzzing;

/// <summary>A request as data, so that it can be sent again and shown.</summary>
internal sealed record GeneratedRequest(Operation Operation, string Method, string Address, IReadOnlyList<(string Name, string Value)> Headers, string? BodyType, string? Body)
{
    public HttpRequestMessage ToMessage()
    {
        var message = new HttpRequestMessage(new HttpMethod(Method), new Uri(Address, UriKind.Relative));
        foreach (var (name, value) in Headers)
            message.Headers.TryAddWithoutValidation(name, value);
        if (Body is null)
            return message;
        message.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Body));
        message.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(BodyType!);
        return message;
    }

    public override string ToString()
        => $"{Method} {Address} {string.Join(", ", Headers.Where(h => h.Name != "Authorization").Select(h => $"{h.Name}: {h.Value}"))} {BodyType} {(Body is { Length: > 300 } ? Body[..300] + "…" : Body)}";
}

/// <summary>Makes requests from the description: half of them as it asks for, the rest wrong in one or more ways.</summary>
internal sealed class RequestGenerator(Random random, ApiDescription api, KnownValues known, IReadOnlyList<string?> tokens)
{
    private readonly ValueGenerator _values = new(random, known, api);

    /// <summary>The next request of an operation.</summary>
    public GeneratedRequest Next(Operation operation)
    {
        var plausible = _values.Chance(0.5);
        var path = operation.Path;
        var query = new StringBuilder();
        List<(string, string)> headers = [];
        foreach (var parameter in operation.Parameters)
        {
            if (parameter is { Place: not "path", Required: false } && _values.Chance(plausible ? 0.7 : 0.5))
                continue;
            var value = _values.Text(KnownValues.NameOf(parameter, operation.Path), parameter.Schema, plausible);
            if (parameter.Place == "path")
                path = path.Replace("{" + parameter.Name + "}", Uri.EscapeDataString(value.Length is 0 ? "x" : value), StringComparison.Ordinal);
            else if (parameter.Place == "query")
                query.Append(query.Length == 0 ? '?' : '&').Append(Uri.EscapeDataString(parameter.Name)).Append('=').Append(Uri.EscapeDataString(value));
            else
                headers.Add((parameter.Name, Printable(value)));
        }
        if (!plausible && _values.Chance(0.1))
            query.Append(query.Length == 0 ? '?' : '&').Append("unheard=of");
        if (_values.Chance(0.1))
            headers.Add(("Accept", _values.Chance(0.5) ? "text/plain" : Printable(_values.AnyText())));
        if ((plausible ? tokens[^1] : tokens[random.Next(tokens.Count)]) is { } token)
            headers.Add(("Authorization", "Bearer " + token));
        var method = !plausible && _values.Chance(0.05) ? "DELETE" : operation.Method;
        var (type, body) = operation.BodyType is null ? (null, null) : BodyOf(operation, plausible);
        return new(operation, method, path + query, headers, type, body);
    }

    private (string Type, string Body) BodyOf(Operation operation, bool plausible)
    {
        if (!plausible && _values.Chance(0.1))
            return ("text/xml", "<a/>");
        if (!plausible && _values.Chance(0.15))
            return (operation.BodyType!, _values.AnyText());
        var schema = operation.BodySchema ?? [];
        return (operation.BodyType!, operation.BodyType!.Contains("ndjson", StringComparison.Ordinal)
            ? string.Join('\n', Enumerable.Range(0, random.Next(1, 20)).Select(_ => Line(schema, plausible)))
            : _values.Value("body", schema, plausible)?.ToJsonString() ?? "null");
    }

    private string Line(JsonObject schema, bool plausible)
    {
        if (!plausible && _values.Chance(0.2))
            return _values.AnyText();
        return _values.Value("line", schema, plausible)?.ToJsonString() ?? "null";
    }

    private static string Printable(string text) => new([.. text.Where(c => c is >= ' ' and < (char)127)]);
}
