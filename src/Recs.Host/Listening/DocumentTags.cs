using Microsoft.OpenApi;

namespace Recs.Host.Listening;

/// <summary>The chapters of the OpenAPI document, what a newcomer looks for first.</summary>
internal static class DocumentTags
{
    private static readonly (string Name, string Description)[] Chapters =
    [
        ("Queries", "Slates, where they come from, and computing them again"),
        ("Commands", "Facts and descriptions: what happened, who and what there is"),
        ("Movies", "Search, one movie, similar and popular ones"),
        ("People", "What a person did, likes and was served"),
        ("Models", "Versions, trainings, and which one is in production"),
        ("Topics", "Schemas of the Kafka topics"),
        ("Monitoring", "Health, metrics, quality of the data and of the slates"),
    ];

    /// <summary>Orders and describes the chapters that the document has; one that is not listed here comes last.</summary>
    public static void Order(OpenApiDocument document)
    {
        var present = (document.Tags ?? new HashSet<OpenApiTag>()).ToDictionary(tag => tag.Name ?? "", StringComparer.Ordinal);
        var known = Chapters.Where(chapter => present.Remove(chapter.Name)).Select(chapter => new OpenApiTag { Name = chapter.Name, Description = chapter.Description }).ToList();
        document.Tags = new HashSet<OpenApiTag>(known.Concat(present.Values)); // a set without removals keeps the order
    }
}
