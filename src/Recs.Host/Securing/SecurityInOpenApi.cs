using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Recs.Host.Securing;

/// <summary>Writes into the OpenAPI document what the door answers before any route does, and which routes need a token.</summary>
internal sealed class SecurityInOpenApi : IOpenApiDocumentTransformer, IOpenApiOperationTransformer
{
    private const string Scheme = "bearer", Problem = "application/problem+json";

    /// <summary>Names the kind of token.</summary>
    public async Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Components ??= new();
        if ((document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>()) is { } schemas && !schemas.ContainsKey(nameof(ProblemDetails)))
            schemas[nameof(ProblemDetails)] = await context.GetOrCreateSchemaAsync(typeof(ProblemDetails), null, cancellationToken);
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Scheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = Scheme,
                BearerFormat = "JWT",
                Description = "Claims sub and role (user, service, admin). 'recs token' makes one.",
            },
        };
    }

    /// <summary>Adds 401 and 429 to every route, 403 and the need of a token to those that have it.</summary>
    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var needed = metadata.OfType<IAuthorizeData>().Any() && !metadata.OfType<IAllowAnonymous>().Any();
        var schema = new OpenApiSchemaReference(nameof(ProblemDetails), context.Document);
        var responses = operation.Responses ??= [];
        Add(responses, StatusCodes.Status401Unauthorized, needed ? "No token, or one that does not hold." : "A token came along that does not hold.", schema, "WWW-Authenticate");
        if (needed)
            Add(responses, StatusCodes.Status403Forbidden, "The token's bearer may not do this.", schema);
        Add(responses, StatusCodes.Status429TooManyRequests, "Too many requests.", schema, "Retry-After");
        if (needed)
            (operation.Security ??= []).Add(new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, context.Document)] = [] });
        return Task.CompletedTask;
    }

    /// <summary>What the route says itself stays, but for a description that is only the status's name.</summary>
    private static void Add(OpenApiResponses responses, int status, string description, IOpenApiSchema schema, string? header = null)
    {
        var key = status.ToString(CultureInfo.InvariantCulture);
        var content = responses.TryGetValue(key, out var said) ? said.Content : null;
        responses[key] = new OpenApiResponse
        {
            Description = description,
            Content = content ?? new Dictionary<string, OpenApiMediaType> { [Problem] = new() { Schema = schema } },
            Headers = header is null ? null : new Dictionary<string, IOpenApiHeader> { [header] = new OpenApiHeader { Schema = new OpenApiSchema { Type = JsonSchemaType.String } } },
        };
    }
}
