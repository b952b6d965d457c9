using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClaudeDrive.AspNetCore.Http;

/// <summary>Writes an enum in snake_case.</summary>
internal sealed class SnakeEnumConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
