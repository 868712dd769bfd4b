using System.Security.Cryptography;
using System.Text;
using Recs.Commands.Importing.Formats;
using Recs.Commands.Validating;
using Recs.Contracts;

namespace Recs.Commands.Importing;

/// <summary>How to import.</summary>
/// <param name="Format">Format of the input.</param>
/// <param name="Source">What the events name as their source; the name of the folder or file by default.</param>
/// <param name="UserPrefix">Put before each user id, to keep persons apart whose ids happen to be equal to those of another set.</param>
/// <param name="MaxRejectRate">Share of rejected rows, 0 to 1, over which nothing is stored; null for no limit.</param>
/// <param name="MaxAge">How old the newest fact may be before the freshness check says so; null for any age.</param>
public sealed record ImportOptions(
    DataSetFormat Format = DataSetFormat.Auto, string? Source = null, string UserPrefix = "", double? MaxRejectRate = null, TimeSpan? MaxAge = null)
{
    /// <summary>Changes when the same input would become other events, so that an old checkpoint is not resumed with a new mapping.</summary>
    private const int MappingVersion = 1;

    /// <summary>Take only this share of the ratings, the first in time, above 0 and below 1; null for all. The rest can be streamed later, as if it were new.</summary>
    public double? Until { get; init; }

    /// <summary>Checks the options.</summary>
    /// <exception cref="ImportInputException">An option is out of its range.</exception>
    public void Validate()
    {
        if (UserPrefix.Length > 0 && !EntityId.IsValid(UserPrefix))
            throw new ImportInputException($"The user prefix '{UserPrefix}' is not valid: expected {EntityId.Rule}.");
        if (MaxRejectRate is < 0 or > 1 or double.NaN)
            throw new ImportInputException($"The reject rate {MaxRejectRate} is not valid: expected 0 to 1.");
        if (Until is { } share && !(share > 0 && share < 1))
            throw new ImportInputException($"The share {share} is not valid: expected above 0 and below 1.");
        if (Source is not null && (!TextFields.IsClean(Source, TextFields.MaxOther) || Source.Contains(':')))
            throw new ImportInputException(
                $"The source '{Source}' is not valid: expected 1 to {TextFields.MaxOther} characters, no colon, no control character.");
    }

    /// <summary>From where on a check of the input does not hold.</summary>
    internal QualityThresholds Quality => QualityThresholds.Default with { MaxRejectRate = MaxRejectRate, MaxAge = MaxAge };

    /// <summary>The source's name for an input of this name.</summary>
    public string SourceOf(string name) => Source ?? name.Replace(':', '_');

    /// <summary>The key of an input: what it holds and how it is mapped.</summary>
    /// <param name="name">Name of the input.</param>
    /// <param name="digest">Digest of its content.</param>
    public string KeyOf(string name, string digest)
        => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{MappingVersion}\n{digest}\n{SourceOf(name)}\n{UserPrefix}{(Until is { } share ? $"\n{share:R}" : "")}")))[..32];
}

/// <summary>What imported events say of where they come from.</summary>
/// <param name="CorrelationId">The same for every run of an input: <c>import:{source}:{8 digits of its key}</c>.</param>
/// <param name="CausationId">The run: <c>import-run:{number}</c>, a row of <c>recs_imports</c>.</param>
public sealed record ImportOrigin(string CorrelationId, string CausationId);
