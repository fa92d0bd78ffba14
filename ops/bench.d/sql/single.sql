-- One event, one transaction, one round trip: insert the ledger row, update the balance where it was new.
\set wallet random(0, :wallets - 1)
WITH fresh AS (
    INSERT INTO bench_ledger (wallet_id, amount, occurred_at, quantity, source, event_id, service, metadata)
    SELECT w.id, -1, clock_timestamp(), 1, '/pgbench', lpad(nextval('bench_identity')::text, 26, '0'), 'bench.call',
           '{"note":"xxxxxxxxxxxxxxxxxxxxxxx"}'
    FROM bench_wallets w WHERE w.organization_id = 'org-' || :wallet
    ON CONFLICT (source, event_id) DO NOTHING RETURNING wallet_id, amount)
UPDATE bench_wallets w
SET current_balance = w.current_balance + f.amount, total_spent = w.total_spent - f.amount, ledger_sequence = w.ledger_sequence + 1,
    updated_at = now()
FROM fresh f WHERE w.id = f.wallet_id;
