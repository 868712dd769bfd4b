using System.Text.Json;
using System.Text.Json.Serialization;

namespace Recs.Queries.Movies;

/// <summary>How the answers about movies are written: camelCase.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(MovieSearch))]
[JsonSerializable(typeof(MoviePage))]
[JsonSerializable(typeof(SimilarMovies))]
[JsonSerializable(typeof(PopularMovies))]
internal sealed partial class MoviesJson : JsonSerializerContext;
