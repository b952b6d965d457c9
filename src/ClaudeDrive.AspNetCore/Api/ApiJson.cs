using System.Text.Json.Serialization;
using ClaudeDrive.Access;
using ClaudeDrive.AspNetCore.Access;
using ClaudeDrive.AspNetCore.Health;
using ClaudeDrive.AspNetCore.Http;
using ClaudeDrive.AspNetCore.Stream;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using ClaudeDrive.Review;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>JSON shapes of everything the API says, generated at build: snake_case, UTC instants, enums by name.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    Converters =
    [
        typeof(InstantConverter),
        typeof(SnakeEnumConverter<EventState>),
        typeof(SnakeEnumConverter<EventSource>),
        typeof(SnakeEnumConverter<WebhookDialect>),
        typeof(SnakeEnumConverter<DeliveryOutcome>),
        typeof(SnakeEnumConverter<ReviewState>),
        typeof(SnakeEnumConverter<CallerRole>),
    ])]
[JsonSerializable(typeof(ProblemDocument))]
[JsonSerializable(typeof(EmptyBody))]
[JsonSerializable(typeof(ReceiptDto))]
[JsonSerializable(typeof(ListOf<EventDto>))]
[JsonSerializable(typeof(EventDetailDto))]
[JsonSerializable(typeof(ListOf<SessionDto>))]
[JsonSerializable(typeof(ListOf<HappeningDto>))]
[JsonSerializable(typeof(ListOf<RawJson>))]
[JsonSerializable(typeof(ListOf<RevisionDto>))]
[JsonSerializable(typeof(RevisionDetailDto))]
[JsonSerializable(typeof(ListOf<ResourceDto>))]
[JsonSerializable(typeof(ListOf<ReviewDto>))]
[JsonSerializable(typeof(ReviewDetailDto))]
[JsonSerializable(typeof(ListOf<DeliveryDto>))]
[JsonSerializable(typeof(ListOf<NodeDto>))]
[JsonSerializable(typeof(StatsDto))]
[JsonSerializable(typeof(MeDto))]
[JsonSerializable(typeof(ListOf<TeamDto>))]
[JsonSerializable(typeof(ListOf<MemberDto>))]
[JsonSerializable(typeof(ListOf<TeamGrantDto>))]
[JsonSerializable(typeof(ListOf<KeyDto>))]
[JsonSerializable(typeof(MadeKeyDto))]
[JsonSerializable(typeof(ListOf<AuditEntryDto>))]
[JsonSerializable(typeof(AuditEndDto))]
[JsonSerializable(typeof(ListOf<BreakGlassDto>))]
[JsonSerializable(typeof(BreakGlassBody))]
[JsonSerializable(typeof(WhyDto))]
[JsonSerializable(typeof(WhoDto))]
[JsonSerializable(typeof(PreviewDto))]
[JsonSerializable(typeof(PreviewBody))]
[JsonSerializable(typeof(TeamBody))]
[JsonSerializable(typeof(MemberBody))]
[JsonSerializable(typeof(GrantBody))]
[JsonSerializable(typeof(KeyBody))]
[JsonSerializable(typeof(RawJson))]
[JsonSerializable(typeof(RetriedDto))]
[JsonSerializable(typeof(DiscardedDto))]
[JsonSerializable(typeof(AnswerBody))]
[JsonSerializable(typeof(ClaimBody))]
[JsonSerializable(typeof(ReleaseBody))]
[JsonSerializable(typeof(DeadLetterFilterBody))]
[JsonSerializable(typeof(ReadinessDto))]
[JsonSerializable(typeof(ContextNoteDto))]
internal sealed partial class ApiJson : JsonSerializerContext;
