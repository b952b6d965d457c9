-- Who sees what is asked of every list. Each index gives the contexts of one scope in the order of lists, and counts them without most rows.
CREATE INDEX contexts_by_workspace ON {schema}.contexts (workspace_id, revision_seq, resource_type, status, organization_id)
  WHERE workspace_id IS NOT NULL;
CREATE INDEX contexts_by_agent ON {schema}.contexts (agent_id, revision_seq, resource_type, status) WHERE agent_id IS NOT NULL;
CREATE INDEX contexts_by_organization ON {schema}.contexts (organization_id, revision_seq, resource_type, status) WHERE organization_id IS NOT NULL;

-- The metadata pairs of the heads; kept in the transaction that writes the head. revision_seq is the head's, and so its order.
CREATE TABLE {schema}.context_tags (
  resource_type text COLLATE "C" NOT NULL,
  resource_id   text COLLATE "C" NOT NULL,
  key           text COLLATE "C" NOT NULL,
  value         text COLLATE "C" NOT NULL,
  revision_seq  bigint NOT NULL,
  PRIMARY KEY (resource_id, resource_type, key, value)
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);
CREATE INDEX context_tags_in_order ON {schema}.context_tags (key, value, revision_seq, resource_type);

-- Puts the pairs of a head that was just written.
CREATE FUNCTION {schema}.put_tags(p_resource_type text, p_resource_id text, p_keys text[], p_values text[]) RETURNS boolean
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off
AS $$
BEGIN
  DELETE FROM {schema}.context_tags t
  WHERE t.resource_id = p_resource_id AND t.resource_type = p_resource_type
    AND NOT EXISTS (SELECT 1 FROM unnest(p_keys, p_values) AS n (key, value) WHERE n.key = t.key AND n.value = t.value);
  INSERT INTO {schema}.context_tags AS t (resource_type, resource_id, key, value, revision_seq)
  SELECT c.resource_type, c.resource_id, n.key, n.value, c.revision_seq
  FROM unnest(p_keys, p_values) AS n (key, value), {schema}.contexts c
  WHERE c.resource_id = p_resource_id AND c.resource_type = p_resource_type
  ON CONFLICT (resource_id, resource_type, key, value) DO UPDATE SET revision_seq = excluded.revision_seq
  WHERE t.revision_seq <> excluded.revision_seq;
  RETURN true;
END $$;

-- The pairs of what is there already. Text that PostgreSQL's own JSON cannot read stays without until the next revision brings it.
DO $$
DECLARE
  v_context record;
BEGIN
  FOR v_context IN SELECT resource_type, resource_id, revision_seq, metadata FROM {schema}.contexts WHERE metadata LIKE '{%' LOOP
    BEGIN
      INSERT INTO {schema}.context_tags (resource_type, resource_id, key, value, revision_seq)
      SELECT v_context.resource_type, v_context.resource_id, pair.key, pair.value #>> '{}', v_context.revision_seq
      FROM json_each(v_context.metadata::json) pair WHERE json_typeof(pair.value) = 'string'
      ON CONFLICT DO NOTHING;
    EXCEPTION WHEN data_exception OR invalid_text_representation OR untranslatable_character THEN
      RAISE NOTICE 'The metadata of %/% could not be read; its next revision brings it.', v_context.resource_type, v_context.resource_id;
    END;
  END LOOP;
END $$;
