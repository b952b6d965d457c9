-- Full-text search: what is found as one (a context, or one event of a transcript), and its words. The words are cut by the program, in lower case, and taken
-- as they are: no dictionary, no positions.
CREATE TABLE {schema}.search_docs (
  doc           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  resource_type text COLLATE "C" NOT NULL,
  resource_id   text COLLATE "C" NOT NULL,
  event_id      text COLLATE "C" NOT NULL, -- empty for the context itself
  words         tsvector NOT NULL
);
CREATE UNIQUE INDEX search_docs_by_document ON {schema}.search_docs (resource_id, resource_type, event_id);
CREATE INDEX search_docs_by_words ON {schema}.search_docs USING gin (words);

-- Indexes what a change stored, in its transaction. A document whose words did not change is left alone; a dropped one stays out.
CREATE FUNCTION {schema}.put_search(p_resource_type text, p_resource_id text, p_ids text[], p_words text[]) RETURNS boolean
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off
AS $$
BEGIN
  IF cardinality(p_ids) = 0 OR EXISTS (
    SELECT 1 FROM {schema}.contexts c
    WHERE c.resource_id = p_resource_id AND c.resource_type = p_resource_type AND c.content_dropped_at IS NOT NULL)
  THEN
    RETURN false;
  END IF;
  INSERT INTO {schema}.search_docs AS s (resource_type, resource_id, event_id, words)
  SELECT p_resource_type, p_resource_id, d.event_id, array_to_tsvector(string_to_array(d.words, ' '))
  FROM unnest(p_ids, p_words) WITH ORDINALITY AS d (event_id, words, n) ORDER BY d.n
  ON CONFLICT (resource_id, resource_type, event_id) DO UPDATE SET words = excluded.words WHERE s.words <> excluded.words;
  RETURN true;
END $$;
