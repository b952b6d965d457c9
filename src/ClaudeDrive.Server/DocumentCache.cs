using Microsoft.AspNetCore.Builder;

namespace ClaudeDrive.Server;

/// <summary>
/// Makes an endpoint's answer once and gives it out again: for documents that never change while the process runs, are open to everybody, and cost far
/// more to make than a stranger pays for asking.
/// </summary>
internal static class DocumentCache
{
    /// <summary>Keeps the first answer with status 200 of this endpoint. Others are given out and not kept.</summary>
    public static IEndpointConventionBuilder KeepAnswer(this IEndpointConventionBuilder builder)
    {
        builder.Finally(static endpoint =>
        {
            var answer = new Answer(endpoint.RequestDelegate ?? throw new InvalidOperationException("The endpoint answers nothing."));
            endpoint.RequestDelegate = answer.WriteAsync;
        });
        return builder;
    }

#pragma warning disable CA1001 // Lives as long as the process; without a wait handle the semaphore holds nothing to give back.
    private sealed class Answer(RequestDelegate make)
#pragma warning restore CA1001
    {
        private readonly SemaphoreSlim _making = new(1);
        private volatile Kept? _kept;

        public async Task WriteAsync(HttpContext context)
        {
            if (_kept is null)
            {
                await _making.WaitAsync(context.RequestAborted);
                try
                {
                    if (_kept is null && !await MakeAsync(context))
                    {
                        return;
                    }
                }
                finally
                {
                    _making.Release();
                }
            }

            context.Response.ContentType = _kept!.ContentType;
            context.Response.ContentLength = _kept.Bytes.Length;
            await context.Response.Body.WriteAsync(_kept.Bytes, context.RequestAborted);
        }

        // False: the answer has been written, and is none to keep.
        private async Task<bool> MakeAsync(HttpContext context)
        {
            // Whoever asks first must not decide what the others get.
            context.Request.QueryString = QueryString.Empty;
            var body = context.Response.Body;
            using var bytes = new MemoryStream();
            context.Response.Body = bytes;
            try
            {
                await make(context);
            }
            finally
            {
                context.Response.Body = body;
            }

            if (context.Response.StatusCode == StatusCodes.Status200OK)
            {
                _kept = new Kept(bytes.ToArray(), context.Response.ContentType);
                return true;
            }

            await body.WriteAsync(bytes.GetBuffer().AsMemory(0, (int)bytes.Length), context.RequestAborted);
            return false;
        }

        private sealed record Kept(byte[] Bytes, string? ContentType);
    }
}
