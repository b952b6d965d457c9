-- name: InsertTag
INSERT OR IGNORE INTO context_tags (key, value, revision_seq, resource_type) VALUES (@key, @value, @revision_seq, @resource_type);

-- name: DeleteTag
DELETE FROM context_tags WHERE key = @key AND value = @value AND revision_seq = @revision_seq;
