using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.OpenApi;
using Recs.Queries.Asking;

namespace Recs.Host.Listening;

/// <summary>Puts into the OpenAPI document what a handler declares about parameters that it takes as text.</summary>
internal static class DeclaredParameters
{
    /// <summary>Gives a parameter its type and its bounds, if its declaration has them.</summary>
    public static void Sharpen(OpenApiParameter parameter, ApiDescription route)
    {
        var declared = route.ParameterDescriptions.FirstOrDefault(d => d.Name == parameter.Name)?.ParameterDescriptor as IParameterInfoParameterDescriptor;
        if (declared?.ParameterInfo.GetCustomAttribute<WholeNumberAttribute>() is { } number)
            parameter.Schema = new OpenApiSchema
            {
                Type = JsonSchemaType.Integer,
                Minimum = number.Least.ToString(),
                Maximum = number.Most.ToString(),
                Default = number.Otherwise is { } otherwise ? JsonValue.Create(otherwise) : null,
            };
        else if (declared?.ParameterInfo.GetCustomAttribute<OneOfAttribute>() is { } choice)
            parameter.Schema = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. choice.Words.Select(w => (JsonNode)JsonValue.Create(w))] };
    }
}
