-- name: AuditColumns
seq, at, actor, node, remote_ip, action, resource, reason, before, after, previous_hash, hash

-- name: AuditArguments
@a_now, @a_actor, @a_node, @a_remote_ip, @a_action, @a_resource, @a_reason, @a_before, @a_after, @a_rest

-- name: AppendAudit
SELECT {AuditColumns} FROM {schema}.append_audit({AuditArguments});

-- name: FindAuditHead
SELECT seq, hash FROM {schema}.audit_head WHERE id = 1;

-- name: ReadAudit
SELECT {AuditColumns} FROM {schema}.audit WHERE seq > @after ORDER BY seq LIMIT @limit;

-- name: ListAudit
SELECT {AuditColumns} FROM {schema}.audit WHERE seq < @before AND {where} ORDER BY seq DESC LIMIT @limit;

-- name: CountAudit
SELECT least(count(*), @most), count(*) <= @most FROM (SELECT FROM {schema}.audit WHERE {where} LIMIT @most + 1) n;

-- name: CountAllAudit
-- Positions have no gaps: the end counts them.
SELECT seq FROM {schema}.audit_head WHERE id = 1;
