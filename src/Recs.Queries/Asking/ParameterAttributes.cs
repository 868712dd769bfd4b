namespace Recs.Queries.Asking;

/// <summary>
/// The parameter is a whole number. Handlers take numbers as text, so that <see cref="QueryReader"/> can say what is wrong with one; this says to the OpenAPI
/// document what it is.
/// </summary>
/// <param name="least">Least value.</param>
/// <param name="most">Greatest value.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class WholeNumberAttribute(long least, long most) : Attribute
{
    /// <summary>A number that has a value when it is not given.</summary>
    /// <param name="least">Least value.</param>
    /// <param name="most">Greatest value.</param>
    /// <param name="otherwise">Value of a parameter that is not given.</param>
    public WholeNumberAttribute(long least, long most, long otherwise) : this(least, most) => Otherwise = otherwise;

    /// <summary>Least value.</summary>
    public long Least => least;
    /// <summary>Greatest value.</summary>
    public long Most => most;
    /// <summary>Value of a parameter that is not given; null for none.</summary>
    public long? Otherwise { get; }
}

/// <summary>The parameter is one of a few words: see <see cref="WholeNumberAttribute"/>.</summary>
/// <param name="words">The words, as they are spelt.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class OneOfAttribute(params string[] words) : Attribute
{
    /// <summary>The words, as they are spelt.</summary>
    public IReadOnlyList<string> Words => words;
}
