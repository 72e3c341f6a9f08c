-- One queue a lane, so that a large document never stands in front of a small one.
--
-- heartbeat 30 s: a worker touches its jobs every 10 s and may miss two. Expiry 24 h, the most pg-boss allows, for the
-- default of 15 minutes is not extended by touch. The retry limit is out of reach and the retention ten years: giving
-- up is decided by quire.retry_document and nothing else, and an accepted document never falls out of its queue.
-- Finished jobs are kept for a day.

select pgboss.create_queue(
  'ocr-' || lane,
  jsonb_build_object(
    'policy', 'standard',
    'heartbeatSeconds', 30,
    'expireInSeconds', 86400,
    'retryLimit', 1000000000,
    'retryDelay', 0,
    'retryBackoff', false,
    'retentionSeconds', 315360000,
    'deleteAfterSeconds', 86400
  )
)
from unnest(array['small', 'medium', 'large']) as lane;

-- Periodic tasks: of each key one waits and one runs at most, so that none overlaps itself, on whatever worker.
select pgboss.create_queue(
  'maintenance',
  '{"policy": "stately", "retryLimit": 0, "expireInSeconds": 900, "retentionSeconds": 3600, "deleteAfterSeconds": 86400}'
);
