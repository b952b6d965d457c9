using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace ClaudeDrive.AspNetCore.Http;

/// <summary>Describes a mapped route for the OpenAPI document.</summary>
internal sealed class ApiRoute(IEndpointConventionBuilder builder)
{
    /// <summary>Names the operation and says what it does.</summary>
    public ApiRoute Describe(string name, string tag, string summary)
    {
        builder.WithName(name).WithTags(tag).WithSummary(summary);
        return this;
    }

    /// <summary>Declares an optional query parameter.</summary>
    public ApiRoute Query(string name, string description, IReadOnlyList<string>? values = null, string type = "string")
    {
        builder.WithMetadata(new QueryParameter(name, description, values, type));
        return this;
    }

    /// <summary>Declares <c>limit</c> and <c>cursor</c>.</summary>
    public ApiRoute Paged() =>
        Query("limit", "Rows of a page: 1 to 200, default 50.", type: "integer").Query("cursor", "The next_cursor of the page before.");

    /// <summary>Declares the success and its shape.</summary>
    public ApiRoute Returns<T>(string contentType = "application/json")
    {
        builder.WithMetadata(new ProducesResponseTypeMetadata(200, typeof(T), [contentType]));
        return this;
    }

    /// <summary>Declares a JSON body.</summary>
    public ApiRoute Accepts<T>(bool optional = false)
    {
        // Not the framework's own metadata: that would hide the route from requests of another type, which then look like a wrong method.
        builder.WithMetadata(new RequestBodyShape(typeof(T), optional));
        return this;
    }

    /// <summary>Declares the refusals beyond 401, 403 and 500, which every route has.</summary>
    public ApiRoute Refuses(params ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses)
        {
            builder.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(ProblemDocument), [ProblemWriter.ContentType]));
        }

        return this;
    }
}

/// <summary>A query parameter of a route.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it does.</param>
/// <param name="Values">The values it takes; null when it is free.</param>
/// <param name="Type">Its JSON type.</param>
internal sealed record QueryParameter(string Name, string Description, IReadOnlyList<string>? Values, string Type);

/// <summary>The shape of a route's JSON body.</summary>
/// <param name="Type">The type that describes it.</param>
/// <param name="Optional">True when it may be left out.</param>
internal sealed record RequestBodyShape(Type Type, bool Optional);
