-- name: HeadColumns
resource_type, resource_id, parent_id, revision, revision_seq, status, triage, stop_reason, title, agent_id, agent_name, workspace_id,
organization_id, metadata, as_of, hydrated_at, event_cursor, snapshot_hash, revision_hash, blockers, fold, object

-- name: FindHead
SELECT {HeadColumns} FROM {schema}.contexts WHERE resource_id = @resource_id AND resource_type = @resource_type;

-- name: LockForChanges
SELECT {schema}.lock_for_changes(@resource_type, @resource_id);

-- name: FindHeadSeen
SELECT {HeadColumns} FROM {schema}.contexts h WHERE h.resource_id = @resource_id AND h.resource_type = @resource_type AND {where};

-- name: ApplyChange
WITH done AS MATERIALIZED (SELECT {schema}.apply_change(
  @now, @quiet, @max_wait, @again,
  @resource_type, @resource_id, @token, @through, @base, @applied, @supersede_before, @refusal,
  @t_id, @t_type, @t_processed, @t_json,
  @number, @cause, @event_ids, @request_ids, @fetched_at, @recorded_at, @previous_hash, @patch, @snapshot,
  @r_as_of, @r_status, @r_triage, @r_snapshot_hash, @r_hash,
  @parent_id, @revision, @status, @triage, @stop_reason, @title, @agent_id, @agent_name, @workspace_id, @organization_id, @metadata, @as_of,
  @hydrated_at, @event_cursor, @snapshot_hash, @revision_hash, @blockers, @fold, @object,
  @b_id, @b_kind, @b_tool, @b_input, @b_input_hash, @b_thread, @b_since, @a_id, @a_event) AS outcome)
SELECT outcome, CASE WHEN outcome = 0 THEN {schema}.put_tags(@resource_type, @resource_id, @tag_keys, @tag_values) END,
  CASE WHEN outcome = 0 THEN {schema}.put_search(@resource_type, @resource_id, @doc_ids, @doc_words) END
FROM done;

-- name: ListHeads
SELECT {HeadColumns} FROM {schema}.contexts h WHERE h.revision_seq < @before AND {where} ORDER BY h.revision_seq DESC LIMIT @limit;

-- name: CountHeads
SELECT least(count(*), @most), count(*) <= @most FROM (SELECT FROM {schema}.contexts h WHERE {where} LIMIT @most + 1) n;

-- name: CountHeadsAmong
-- Instead of conditions a query of positions.
SELECT least(count(*), @most), count(*) <= @most FROM ({where} LIMIT @most + 1) w;

-- name: CountTypesAmong
-- Likewise. Numbers of revisions have no gaps: the newest counts them.
SELECT c.resource_type, count(*), sum(c.revision)::bigint FROM {schema}.contexts c WHERE c.revision_seq IN ({where}) GROUP BY c.resource_type;

-- name: CountContexts
-- From the counters: a number a type.
SELECT substr(name, 10), value FROM {schema}.counters WHERE name >= 'contexts/' AND name < 'contexts0';

-- name: CountNothing
-- Stands where nobody asked for a total.
SELECT 0::bigint;
