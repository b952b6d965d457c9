-- name: Heartbeat
SELECT {schema}.heartbeat(@now, @node_id, @name, @roles, @version, @started_at, @forgotten);

-- name: Leave
DELETE FROM {schema}.nodes WHERE node_id = @node_id;

-- name: ListNodes
SELECT n.node_id, n.name, n.roles, n.version, n.started_at, n.seen_at, t.now,
  (SELECT count(*) FROM {schema}.work w WHERE (w.dirty OR w.token IS NOT NULL) AND w.token IS NOT NULL AND w.due_at > t.now AND w.held_by = n.node_id),
  (SELECT count(*) FROM {schema}.reviews r WHERE r.due_at > t.now AND r.token IS NOT NULL AND r.held_by = n.node_id),
  ARRAY(SELECT d.duty FROM {schema}.duties d WHERE d.held_by = n.node_id ORDER BY d.duty)
FROM {schema}.nodes n, (SELECT {Now} AS now) t ORDER BY n.started_at, n.node_id;
