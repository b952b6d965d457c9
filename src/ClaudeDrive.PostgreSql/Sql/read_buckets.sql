-- name: TakeReads
SELECT granted, wait FROM {schema}.take_reads(@now, @bucket, @per_minute, @want, @reserve, @pause);
