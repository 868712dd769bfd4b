using System.Globalization;
using Microsoft.AspNetCore.Http;
using Recs.Contracts;
using Recs.Queries.Catalogue;

namespace Recs.Queries.Asking;

/// <summary>Reads the query of a request, parameter by parameter, and gathers what is wrong with each, so that a caller is told everything at once.</summary>
public sealed class QueryReader
{
    private const int LongestText = 200;
    private static readonly TimeSpan DefaultWait = TimeSpan.FromSeconds(2), LongestWait = TimeSpan.FromSeconds(30);
    private readonly IQueryCollection _query;

    /// <summary>Begins to read; a parameter that is not among the known ones is wrong.</summary>
    /// <param name="request">The request.</param>
    /// <param name="known">Names of the parameters that the route has.</param>
    public QueryReader(HttpRequest request, params IReadOnlyList<string> known)
    {
        ArgumentNullException.ThrowIfNull(request);
        _query = request.Query;
        foreach (var name in _query.Keys)
            if (!known.Contains(name, StringComparer.OrdinalIgnoreCase))
                Wrong(name, known.Count == 0 ? "No such parameter; this route has none." : $"No such parameter. Known: {string.Join(", ", known)}.");
    }

    /// <summary>What is wrong, by parameter.</summary>
    public Dictionary<string, string[]> Errors { get; } = [];

    /// <summary>The answer 400 that names what is wrong; null if nothing is.</summary>
    public IResult? Refusal => Errors.Count == 0 ? null : Invalid(Errors);

    /// <summary>The answer 400 for one parameter.</summary>
    public static IResult Invalid(string parameter, string message) => Invalid(new Dictionary<string, string[]> { [parameter] = [message] });

    /// <summary>Says what is wrong with a parameter.</summary>
    public void Wrong(string name, string message) => Errors[name] = [message];

    /// <summary>Checks an id that stands in the path.</summary>
    public void CheckId(string name, string id)
    {
        if (!EntityId.IsValid(id))
            Wrong(name, $"An id is {EntityId.Rule}.");
    }

    /// <summary>A text of 1 to 200 characters, none of them a control character, given at most once; null if it was not given.</summary>
    public string? Text(string name)
    {
        var value = _query[name];
        if (value.Count > 1)
            Wrong(name, "Given more than once.");
        var text = value.Count == 0 ? null : value[0];
        if (text is { Length: 0 })
            Wrong(name, "Empty.");
        if (text is { Length: > LongestText })
            Wrong(name, $"Longer than {LongestText} characters.");
        else if (text is not null && text.Any(char.IsControl))
            Wrong(name, "Holds a control character.");
        return text;
    }

    /// <summary>A whole number from <paramref name="least"/> to <paramref name="most"/>; <paramref name="otherwise"/> if it was not given.</summary>
    /// <param name="name">Parameter.</param>
    /// <param name="otherwise">Value of a parameter that was not given.</param>
    /// <param name="least">Least value, 0 or more.</param>
    /// <param name="most">Greatest value.</param>
    /// <param name="rule">What is expected, for people.</param>
    public long Number(string name, long otherwise, long least, long most, string rule)
    {
        if (_query[name].Count == 0)
            return otherwise;
        if (Text(name) is { } text && long.TryParse(text, NumberStyles.None, null, out var value) && value >= least && value <= most)
            return value;
        Wrong(name, $"Expected {rule}, found '{_query[name]}'.");
        return otherwise;
    }

    /// <summary>One of a few words, as they are spelt; <paramref name="otherwise"/> if it was not given.</summary>
    public string? OneOf(string name, string? otherwise, params IReadOnlyList<string> words)
    {
        if (_query[name].Count == 0)
            return otherwise;
        if (Text(name) is { } text && words.Contains(text, StringComparer.Ordinal))
            return text;
        Wrong(name, $"Expected one of {string.Join(", ", words)}, found '{_query[name]}'.");
        return otherwise;
    }

    /// <summary>A number from 0 to 1; null if it was not given.</summary>
    public double? Share(string name)
    {
        if (Text(name) is not { } text)
            return null;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value is >= 0 and <= 1)
            return value;
        Wrong(name, $"Expected a number from 0 to 1, found '{text}'.");
        return null;
    }

    /// <summary><c>true</c> or <c>false</c>, which it also is if it was not given.</summary>
    public bool Flag(string name)
    {
        var text = Text(name);
        if (text is not (null or "true" or "false"))
            Wrong(name, $"Expected true or false, found '{text}'.");
        return text == "true";
    }

    /// <summary>A time in ISO 8601, in UTC unless it names an offset; null if it was not given. A plus that arrives as a blank, as an unescaped one does, is taken for one.</summary>
    public DateTimeOffset? Time(string name)
    {
        if (Text(name) is not { } text)
            return null;
        if (text.Contains('-', StringComparison.Ordinal) && DateTimeOffset.TryParse(
            text.Replace(' ', '+'), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
            return time;
        Wrong(name, $"Expected a time such as 2001-02-03T04:05:06Z, found '{text}'.");
        return null;
    }

    /// <summary>Ids separated by commas, in one parameter or several of the name.</summary>
    public string[] Ids(string name, int most)
    {
        var ids = _query[name].SelectMany(v => (v ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToArray();
        if (ids.Length > most)
            Wrong(name, $"At most {most}.");
        else if (Array.Find(ids, id => !EntityId.IsValid(id)) is { } bad)
            Wrong(name, $"'{bad}' is not an id ({EntityId.Rule}).");
        return ids;
    }

    /// <summary>Parameter <c>genre</c>, given in any case, as the catalogue spells it; null if it was not given.</summary>
    public string? Genre(CatalogueState catalogue)
    {
        if (Text("genre") is not { } name)
            return null;
        var genre = catalogue.GenreNamed(name);
        if (genre is null)
            Wrong("genre", $"No genre '{name}'. Known: {string.Join(", ", catalogue.Genres)}.");
        return genre;
    }

    /// <summary>Parameter <c>minSequence</c>: the log position that must have been read before the answer, 0 for any.</summary>
    public long MinSequence() => Number("minSequence", 0, 0, long.MaxValue, "a log position, 0 or more");

    /// <summary>Parameter <c>wait</c>: how long to wait for <see cref="MinSequence"/>, 0 to 30 s, 2 s if it was not given.</summary>
    public TimeSpan Wait() => TimeSpan.FromSeconds(
        Number("wait", (long)DefaultWait.TotalSeconds, 0, (long)LongestWait.TotalSeconds, "whole seconds from 0 to 30"));

    private static IResult Invalid(IDictionary<string, string[]> errors) => Results.ValidationProblem(errors, title: "The request is not valid.");
}
