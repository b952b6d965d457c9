-- name: Search
SELECT f.doc, {HeadColumns}, t.event_id, t.type, t.processed_at, t.first_revision, t.json
FROM (
  SELECT d.doc, d.resource_type AS found_type, d.resource_id AS found_id, d.event_id AS found_event FROM {schema}.search_docs d
  WHERE d.words @@ @query::tsquery AND d.doc < @before) f
JOIN {schema}.contexts h ON h.resource_type = f.found_type AND h.resource_id = f.found_id
LEFT JOIN {schema}.transcript t ON t.session_id = f.found_id AND t.event_id = f.found_event AND f.found_event <> ''
WHERE {where}
ORDER BY f.doc DESC LIMIT @limit;

-- name: CountSearch
-- As many as are told of, and one more.
SELECT count(*) FROM (
  SELECT 1 FROM {schema}.search_docs d
  JOIN {schema}.contexts h ON h.resource_type = d.resource_type AND h.resource_id = d.resource_id
  WHERE d.words @@ @query::tsquery AND {where} LIMIT @most) n;

-- name: DropSearch
WITH gone AS (
  DELETE FROM {schema}.search_docs WHERE doc = ANY (ARRAY(
    SELECT d.doc FROM {schema}.search_docs d JOIN (
      SELECT resource_type, resource_id FROM {schema}.contexts WHERE resource_type = 'session' AND resource_id = @session_id
      UNION ALL
      SELECT resource_type, resource_id FROM {schema}.contexts WHERE parent_id = @session_id AND resource_type = 'session_thread') f
    ON d.resource_id = f.resource_id AND d.resource_type = f.resource_type LIMIT @limit))
  RETURNING 1)
SELECT count(*)::int FROM gone;

-- name: ReadHeadsById
-- In an order that no change of a context disturbs.
SELECT {HeadColumns} FROM {schema}.contexts h WHERE (h.resource_id, h.resource_type) > (@id, @type) AND {where}
ORDER BY h.resource_id, h.resource_type LIMIT @limit;
