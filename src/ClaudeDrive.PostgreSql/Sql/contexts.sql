-- name: HeadColumns
resource_type, resource_id, parent_id, revision, revision_seq, status, triage, stop_reason, title, agent_id, agent_name, workspace_id,
organization_id, metadata, as_of, hydrated_at, event_cursor, snapshot_hash, revision_hash, blockers, fold, object

-- name: FindHead
SELECT {HeadColumns} FROM {schema}.contexts WHERE resource_id = @resource_id AND resource_type = @resource_type;

-- name: LockForChanges
SELECT {schema}.lock_for_changes(@resource_type, @resource_id);

-- name: ApplyChange
SELECT {schema}.apply_change(
  @now, @quiet, @max_wait, @again,
  @resource_type, @resource_id, @token, @through, @base, @applied, @supersede_before, @refusal,
  @t_id, @t_type, @t_processed, @t_json,
  @number, @cause, @event_ids, @request_ids, @fetched_at, @recorded_at, @previous_hash, @patch, @snapshot,
  @r_as_of, @r_status, @r_triage, @r_snapshot_hash, @r_hash,
  @parent_id, @revision, @status, @triage, @stop_reason, @title, @agent_id, @agent_name, @workspace_id, @organization_id, @metadata, @as_of,
  @hydrated_at, @event_cursor, @snapshot_hash, @revision_hash, @blockers, @fold, @object,
  @b_id, @b_kind, @b_tool, @b_input, @b_input_hash, @b_thread, @b_since, @a_id, @a_event);

-- name: ListHeads
SELECT {HeadColumns} FROM {schema}.contexts WHERE revision_seq < @before AND {where} ORDER BY revision_seq DESC LIMIT @limit;

-- name: CountHeads
SELECT count(*) FROM {schema}.contexts WHERE {where};

-- name: CountContexts
-- From the counters: a number a type.
SELECT substr(name, 10), value FROM {schema}.counters WHERE name >= 'contexts/' AND name < 'contexts0';
