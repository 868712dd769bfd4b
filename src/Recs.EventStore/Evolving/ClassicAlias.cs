using System.Text.RegularExpressions;

namespace Recs.EventStore.Evolving;

/// <summary>The alias that Marten's classic naming gives a type: its name alone, in snake case.</summary>
public static partial class ClassicAlias
{
    /// <summary><c>MovieRated</c> becomes <c>movie_rated</c>, <c>HTTPCallMade</c> becomes <c>http_call_made</c>.</summary>
    public static string Of(Type type) => Of(type.Name);

    /// <summary>The same for a bare type name, without namespace and outer type.</summary>
    public static string Of(string typeName) =>
        AfterLowerCase().Replace(EndOfAcronym().Replace(typeName, "$1 $2"), "$1 $2").ToLowerInvariant().Replace(' ', '_');

    [GeneratedRegex(@"(\P{Ll})(\P{Ll}\p{Ll})")]
    private static partial Regex EndOfAcronym();

    [GeneratedRegex(@"(\p{Ll})(\P{Ll})")]
    private static partial Regex AfterLowerCase();
}
