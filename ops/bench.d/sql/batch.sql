-- The batched statement: 2,000 events in one transaction. Each client has wallets of its own, as lanes on disjoint partitions do.
WITH events AS MATERIALIZED (
    SELECT lpad(nextval('bench_identity')::text, 26, '0') AS event_id,
           1 + :client_id::bigint + floor(random() * (:wallets::bigint / :clients::bigint))::bigint * :clients::bigint AS wallet_id
    FROM generate_series(1, 2000)),
locked AS MATERIALIZED (
    SELECT w.id FROM bench_wallets w WHERE w.id IN (SELECT wallet_id FROM events) ORDER BY w.id FOR UPDATE),
fresh AS (
    INSERT INTO bench_ledger (wallet_id, amount, occurred_at, quantity, source, event_id, service, metadata)
    SELECT l.id, -1, now(), 1, '/pgbench', e.event_id, 'bench.call', '{"note":"xxxxxxxxxxxxxxxxxxxxxxx"}'
    FROM events e JOIN locked l ON l.id = e.wallet_id
    ON CONFLICT (source, event_id) DO NOTHING RETURNING wallet_id, amount),
spent AS (SELECT wallet_id, sum(amount)::bigint AS amount, count(*) AS events FROM fresh GROUP BY wallet_id)
UPDATE bench_wallets w
SET current_balance = w.current_balance + s.amount, total_spent = w.total_spent - s.amount, ledger_sequence = w.ledger_sequence + s.events,
    updated_at = now()
FROM spent s WHERE w.id = s.wallet_id;
