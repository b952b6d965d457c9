using System.Security.Cryptography;
using System.Text;
using BenchmarkDotNet.Attributes;
using ClaudeDrive.Ingest;

namespace ClaudeDrive.Benchmarks.Micro;

/// <summary>Proving one delivery, against the bare hash of the same bytes: what is left is headers, age, base64 and comparing.</summary>
public class SignatureBenchmarks
{
    /// <summary>Bytes of a usual body.</summary>
    public const int Small = 300;

    private readonly WebhookSecret[] _secrets = [Samples.Secret];
    private readonly byte[] _mac = new byte[HMACSHA256.HashSizeInBytes];
    private byte[] _body = [];
    private byte[] _signed = [];
    private string _signature = "";
    private IncrementalHash _hash = null!;

    [Params(Small, 20_000)]
    public int Bytes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _body = Samples.Standard(Bytes);
        _signed = [.. Encoding.ASCII.GetBytes($"{Samples.EventId}.{Samples.Timestamp}."), .. _body];
        _signature = Samples.Sign(_body);
        _hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Convert.FromBase64String("BwwRFhsgJSovNDk+Q0hNUldcYWZrcHV6f4SJjpOYnaI="));
        if (!Verify())
        {
            throw new InvalidOperationException("The sample does not verify.");
        }
    }

    [GlobalCleanup]
    public void Cleanup() => _hash.Dispose();

    [Benchmark(Baseline = true)]
    public byte Bare()
    {
        _hash.AppendData(_signed);
        _hash.GetHashAndReset(_mac);
        return _mac[0];
    }

    [Benchmark]
    public bool Verify() =>
        WebhookSignature.Verify(_body, Samples.EventId, Samples.Timestamp, _signature, _secrets, Samples.SentAt).IsValid;
}
