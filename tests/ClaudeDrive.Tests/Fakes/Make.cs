using System.Diagnostics.Metrics;
using ClaudeDrive.Diagnostics;
using ClaudeDrive.Hydration;
using ClaudeDrive.Inbox;
using ClaudeDrive.Storage.InMemory;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ClaudeDrive.Tests.Fakes;

/// <summary>Parts that most tests need.</summary>
internal static class Make
{
    public static readonly DateTimeOffset Start = new(2026, 3, 18, 14, 0, 0, TimeSpan.Zero);

    public static FakeTimeProvider Time() => new(Start);

    public static ClaudeDriveMetrics Metrics() => new(new Meters());

    public static HydrationOptions Options() => new() { ApiKey = "sk-test", BaseUrl = new Uri("http://claude.test"), Seed = 1 };

    public static ClaudeApi Api(ScriptedTransport transport, FakeTimeProvider time, ClaudeDriveMetrics? metrics = null, ReadBudget? budget = null) =>
        new(Options(), budget ?? Budget(1200, time), metrics ?? Metrics(), time, transport);

    public static ReadBudget Budget(int readsPerMinute, TimeProvider time, IReadBudgetStore? store = null) =>
        new("claude", readsPerMinute, store ?? new InMemoryDriveStore(time, Coalescing.Default), time, NullLogger<ReadBudget>.Instance);

    private sealed class Meters : IMeterFactory
    {
        public Meter Create(MeterOptions options) => new(options);

        public void Dispose()
        {
        }
    }
}
