-- name: HoldDuty
SELECT {schema}.hold_duty(@now, @duty, @node_id, @silent);
