using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using ClaudeDrive.AspNetCore.Api;
using ClaudeDrive.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace ClaudeDrive.Server;

/// <summary>Completes the OpenAPI document with what the routes declare: parameters, refusals, the key.</summary>
internal static class ApiDocument
{
    private const string KeyScheme = "api_key";

    /// <summary>Makes the document's shapes those that the API writes.</summary>
    public static void Configure(JsonOptions json)
    {
        var (ours, options) = (ApiJson.Default.Options, json.SerializerOptions);
        options.PropertyNamingPolicy = ours.PropertyNamingPolicy;
        options.NumberHandling = ours.NumberHandling;
        foreach (var converter in ours.Converters)
        {
            options.Converters.Add(converter);
        }

        options.TypeInfoResolverChain.Insert(0, ApiJson.Default);
    }

    /// <summary>Completes the document.</summary>
    public static void Configure(OpenApiOptions options)
    {
        options.CreateSchemaReferenceId = Name;
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

    // EventDto is Event, a list of them EventList: names that read well in a generated client.
    private static string? Name(JsonTypeInfo type) => type.Type switch
    {
        { IsGenericType: true } list when list.GetGenericTypeDefinition() == typeof(ListOf<>) => Short(list.GenericTypeArguments[0]) + "List",
        _ => OpenApiOptions.CreateDefaultSchemaReferenceId(type) is { } name ? Short(name) : null,
    };

    private static string Short(Type type) => Short(type.Name);

    private static string Short(string name) => name.EndsWith("Dto", StringComparison.Ordinal) ? name[..^3] : name;

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

        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<RequestBodyShape>().LastOrDefault() is { } body)
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = !body.Optional,
                Content = Json("application/json", await context.GetOrCreateSchemaAsync(body.Type, null, cancellationToken)),
            };
        }

        operation.Responses ??= [];
        var problem = new OpenApiSchemaReference(nameof(ProblemDocument), context.Document);
        foreach (var (status, text) in new[] { ("401", "No valid API key."), ("403", "The role does not allow it."), ("503", "The store cannot be reached.") })
        {
            operation.Responses.TryAdd(
                status, new OpenApiResponse { Description = text, Content = Json(ProblemWriter.ContentType, problem) });
        }

        operation.Security =
        [
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(KeyScheme, context.Document)] = [] },
        ];
    }

    private static Dictionary<string, OpenApiMediaType> Json(string type, IOpenApiSchema schema) =>
        new() { [type] = new OpenApiMediaType { Schema = schema } };

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
