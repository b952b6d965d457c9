-- name: AuditColumns
seq, at, actor, node, remote_ip, action, resource, reason, before, after, previous_hash, hash

-- name: InsertAudit
INSERT INTO audit ({AuditColumns})
VALUES (@seq, @at, @actor, @node, @remote_ip, @action, @resource, @reason, @before, @after, @previous_hash, @hash);

-- name: FindAuditHead
SELECT seq, hash FROM audit_head WHERE id = 1;

-- name: PutAuditHead
INSERT INTO audit_head (id, seq, hash) VALUES (1, @seq, @hash)
ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, hash = excluded.hash;

-- name: ReadAudit
SELECT {AuditColumns} FROM audit WHERE seq > @after ORDER BY seq LIMIT @limit;

-- name: ListAudit
SELECT {AuditColumns} FROM audit WHERE seq < @before AND {where} ORDER BY seq DESC LIMIT @limit;

-- name: CountAudit
SELECT count(*) FROM (SELECT 1 FROM audit WHERE {where} LIMIT @most + 1);
