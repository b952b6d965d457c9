using System.Text.Json;
using BenchmarkDotNet.Attributes;
using ClaudeDrive.Ingest;

namespace ClaudeDrive.Benchmarks.Micro;

/// <summary>Giving a proven body its meaning, against a reader that only walks over it.</summary>
public class EnvelopeBenchmarks
{
    private byte[] _standard = [];
    private byte[] _guide = [];

    [Params(300, 20_000)]
    public int Bytes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _standard = Samples.Standard(Bytes);
        _guide = Samples.Guide(Bytes);
        if (!Parse(_standard, WebhookDialect.Standard).IsParsed || !Parse(_guide, WebhookDialect.Guide).IsParsed)
        {
            throw new InvalidOperationException("A sample has no envelope.");
        }
    }

    [Benchmark(Baseline = true)]
    public int Walk()
    {
        var reader = new Utf8JsonReader(_standard);
        var tokens = 0;
        while (reader.Read())
        {
            tokens++;
        }

        return tokens;
    }

    [Benchmark]
    public object Standard() => Parse(_standard, WebhookDialect.Standard);

    [Benchmark]
    public object Guide() => Parse(_guide, WebhookDialect.Guide);

    private static WebhookEnvelope Parse(byte[] body, WebhookDialect dialect) =>
        EventBody.TryRead(body, out var fields)
            ? EnvelopeParser.Parse(in fields, body, Samples.EventId, dialect, WebhookDialects.All)
            : throw new InvalidOperationException("The sample is no JSON.");
}
