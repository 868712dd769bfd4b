using Recs.Commands;
using Recs.Host.Composition;
using Recs.Queries;
using Recs.Training;

namespace Recs.Host.Listening;

/// <summary>
/// Routes of the roles that this process does not run: they answer 404 and say which role has them, since a caller who asks the wrong node cannot tell that from
/// a mistyped address.
/// </summary>
internal static class AbsentRoles
{
    private static readonly (Roles Role, Action<IServiceCollection> Add, Action<IEndpointRouteBuilder> Map)[] Sides =
    [
        (Roles.Commands, services => services.AddCommandSide(), routes =>
        {
            routes.MapCommandSide();
            routes.MapModelDecisions();
        }),
        (Roles.Queries, services => services.AddQuerySide(), routes =>
        {
            routes.MapQuerySide();
            routes.MapModelRegistry();
        }),
    ];

    /// <summary>Maps them.</summary>
    /// <param name="app">The application, its own routes mapped already.</param>
    /// <param name="services">What it was built from.</param>
    /// <param name="present">Roles of this process.</param>
    public static void Map(WebApplication app, IServiceCollection services, Roles present)
    {
        var absent = Sides.Where(side => !present.HasFlag(side.Role)).ToList();
        if (absent.Count == 0)
            return;
        var known = ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).SelectMany(Addresses).ToHashSet();
        // Routes are described by how their parameters are found among the services, so they are mapped over services that nobody ever asks for anything.
        var all = new ServiceCollection();
        foreach (var service in services)
            ((ICollection<ServiceDescriptor>)all).Add(service);
        foreach (var side in absent)
            side.Add(all);
        using var described = all.BuildServiceProvider();
        foreach (var (role, _, map) in absent)
        {
            var routes = new RouteList(described);
            map(routes);
            foreach (var (method, pattern) in routes.DataSources.SelectMany(source => source.Endpoints).SelectMany(Addresses).Where(known.Add))
                app.MapMethods(pattern, [method], (RequestDelegate)(http => RefuseAsync(http, role, present))).ExcludeFromDescription();
        }
    }

    private static Task RefuseAsync(HttpContext http, Roles role, Roles present)
    {
        var name = RoleNames.Of(role)[0];
        return Results.Problem(
            $"This node runs {string.Join(", ", RoleNames.Of(present))}. {http.Request.Method} {http.Request.Path} is answered by nodes with the role '{name}' (recs up --roles {name}).",
            title: "Another role has this route.", statusCode: StatusCodes.Status404NotFound, extensions: new Dictionary<string, object?> { ["role"] = name }).ExecuteAsync(http);
    }

    private static IEnumerable<(string Method, string Pattern)> Addresses(Endpoint endpoint)
        => endpoint is RouteEndpoint { RoutePattern.RawText: { } pattern } && endpoint.Metadata.GetMetadata<IHttpMethodMetadata>() is { } methods
            ? methods.HttpMethods.Select(method => (method, pattern))
            : [];

    private sealed class RouteList(IServiceProvider services) : IEndpointRouteBuilder
    {
        public IServiceProvider ServiceProvider => services;
        public ICollection<EndpointDataSource> DataSources { get; } = [];
        public IApplicationBuilder CreateApplicationBuilder() => new ApplicationBuilder(services);
    }
}
