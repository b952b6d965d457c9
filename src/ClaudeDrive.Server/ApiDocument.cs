using System.Text.Json.Nodes;
using ClaudeDrive.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace ClaudeDrive.Server;

/// <summary>Completes the OpenAPI document with what the routes declare: parameters, refusals, the key.</summary>
internal static class ApiDocument
{
    private const string KeyScheme = "api_key";

    public static void Configure(OpenApiOptions options)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "ClaudeDrive",
                Version = "v1",
                Description = "Contexts of Claude's sessions, the reviews they wait for, and the webhooks that told of them.",
            };
            document.Servers = [];
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
            document.Components.SecuritySchemes[KeyScheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "An API key.",
            };
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(DescribeAsync);
        options.AddSchemaTransformer((schema, context, _) =>
        {
            var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
            if (type == typeof(DateTimeOffset))
            {
                schema.Type = JsonSchemaType.String | (type == context.JsonTypeInfo.Type ? default : JsonSchemaType.Null);
                schema.Format = "date-time";
            }

            return Task.CompletedTask;
        });
    }

    private static async Task DescribeAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        operation.Parameters ??= [];
        var path = context.Description.RelativePath ?? string.Empty;
        foreach (var name in path.Split('/').Where(s => s.StartsWith('{')).Select(s => s.Trim('{', '}')))
        {
            if (operation.Parameters.All(p => p.Name != name))
            {
                operation.Parameters.Add(new OpenApiParameter
                {
                    Name = name,
                    In = ParameterLocation.Path,
                    Required = true,
                    Schema = new OpenApiSchema { Type = name == "revision" ? JsonSchemaType.Integer : JsonSchemaType.String },
                });
            }
        }

        foreach (var query in context.Description.ActionDescriptor.EndpointMetadata.OfType<QueryParameter>())
        {
            operation.Parameters.Add(Describe(query));
        }

        operation.Responses ??= [];
        var problem = await context.GetOrCreateSchemaAsync(typeof(ProblemDocument), null, cancellationToken);
        foreach (var (status, text) in new[] { ("401", "No valid API key."), ("403", "The role does not allow it."), ("503", "The store cannot be reached.") })
        {
            operation.Responses.TryAdd(status, new OpenApiResponse
            {
                Description = text,
                Content = new Dictionary<string, OpenApiMediaType> { [ProblemWriter.ContentType] = new() { Schema = problem } },
            });
        }

        operation.Security =
        [
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(KeyScheme, context.Document)] = [] },
        ];
    }

    private static OpenApiParameter Describe(QueryParameter query) => new()
    {
        Name = query.Name,
        In = ParameterLocation.Query,
        Description = query.Description,
        Schema = new OpenApiSchema
        {
            Type = query.Type == "integer" ? JsonSchemaType.Integer : JsonSchemaType.String,
            Enum = query.Values is null ? null : [.. query.Values.Select(v => (JsonNode)JsonValue.Create(v))],
        },
    };
}
