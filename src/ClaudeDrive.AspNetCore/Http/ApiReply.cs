using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace ClaudeDrive.AspNetCore.Http;

/// <summary>What a handler answers: a value with its JSON shape, or a problem.</summary>
internal abstract record ApiReply
{
    public static implicit operator ApiReply(Problem problem) => new Refused(problem);

    public static ApiReply Ok<T>(T value, JsonTypeInfo<T> shape) => new Done<T>(value, shape);

    public abstract Task WriteAsync(HttpContext context);

    private sealed record Refused(Problem Problem) : ApiReply
    {
        public override Task WriteAsync(HttpContext context) => ProblemWriter.WriteAsync(context, Problem);
    }

    private sealed record Done<T>(T Value, JsonTypeInfo<T> Shape) : ApiReply
    {
        public override Task WriteAsync(HttpContext context)
        {
            SecurityHeaders.Set(context.Response);
            return context.Response.WriteAsJsonAsync(Value, Shape, "application/json", context.RequestAborted);
        }
    }
}
