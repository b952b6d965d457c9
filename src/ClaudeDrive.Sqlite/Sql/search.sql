-- name: FindSearchDoc
SELECT doc, hash FROM search_docs WHERE resource_id = @resource_id AND resource_type = @resource_type AND event_id = @event_id;

-- name: InsertSearchDoc
INSERT INTO search_docs (resource_type, resource_id, event_id, hash) VALUES (@resource_type, @resource_id, @event_id, @hash) RETURNING doc;

-- name: UpdateSearchDoc
UPDATE search_docs SET hash = @hash WHERE doc = @doc;

-- name: DeleteSearchDoc
DELETE FROM search_docs WHERE doc = @doc;

-- name: InsertSearchWords
INSERT INTO search_words (rowid, words) VALUES (@doc, @words);

-- name: DeleteSearchWords
DELETE FROM search_words WHERE rowid = @doc;

-- name: SearchDocsOf
SELECT doc FROM search_docs WHERE resource_id = @resource_id AND resource_type = @resource_type LIMIT @limit;

-- name: Search
SELECT d.doc, d.resource_type, d.resource_id, d.event_id FROM search_words
JOIN search_docs d ON d.doc = search_words.rowid
JOIN contexts h ON h.resource_type = d.resource_type AND h.resource_id = d.resource_id
WHERE search_words MATCH @match AND search_words.rowid < @before AND {where}
ORDER BY search_words.rowid DESC LIMIT @limit;

-- name: CountSearch
-- As many as are told of, and one more.
SELECT count(*) FROM (
  SELECT 1 FROM search_words
  JOIN search_docs d ON d.doc = search_words.rowid
  JOIN contexts h ON h.resource_type = d.resource_type AND h.resource_id = d.resource_id
  WHERE search_words MATCH @match AND {where} LIMIT @most);

-- name: FindTranscriptEvent
SELECT event_id, type, processed_at, first_revision, json FROM transcript WHERE session_id = @session_id AND event_id = @event_id;

-- name: ReadHeadsById
-- In an order that no change of a context disturbs.
SELECT {HeadColumns} FROM contexts h WHERE (h.resource_type, h.resource_id) > (@type, @id) AND {where}
ORDER BY h.resource_type, h.resource_id LIMIT @limit;
