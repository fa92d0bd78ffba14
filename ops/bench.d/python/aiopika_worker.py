"""aio-pika and asyncpg: drains the usage partitions one transaction per event, or hand-batched.

usage: aiopika_worker.py --count N --batch 1|1000 [--connections 8]; prints one line of JSON.
"""

import argparse
import asyncio
import datetime
import json
import os
import resource
import time

import aio_pika
import asyncpg

QUEUES = [f"purser.usage.{n}" for n in range(8)]

SINGLE = """
WITH fresh AS (
    INSERT INTO bench_ledger (wallet_id, amount, occurred_at, quantity, source, event_id, service, metadata)
    SELECT w.id, -$5::bigint, $4, $5, $1, $2, $6, $7::json FROM bench_wallets w WHERE w.organization_id = $3
    ON CONFLICT (source, event_id) DO NOTHING RETURNING wallet_id, amount)
UPDATE bench_wallets w
SET current_balance = w.current_balance + f.amount, total_spent = w.total_spent - f.amount, ledger_sequence = w.ledger_sequence + 1,
    updated_at = now()
FROM fresh f WHERE w.id = f.wallet_id
"""

BATCHED = """
WITH events AS MATERIALIZED (
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::bigint[], $6::text[], $7::text[])
        AS e (source, event_id, organization_id, occurred_at, quantity, service, metadata)),
locked AS MATERIALIZED (
    SELECT w.id, w.organization_id FROM bench_wallets w
    WHERE w.organization_id = ANY ($3::text[]) ORDER BY w.id FOR UPDATE),
fresh AS (
    INSERT INTO bench_ledger (wallet_id, amount, occurred_at, quantity, source, event_id, service, metadata)
    SELECT l.id, -e.quantity, e.occurred_at, e.quantity, e.source, e.event_id, e.service, e.metadata::json
    FROM events e JOIN locked l USING (organization_id)
    ON CONFLICT (source, event_id) DO NOTHING RETURNING wallet_id, amount),
spent AS (SELECT wallet_id, sum(amount)::bigint AS amount, count(*) AS events FROM fresh GROUP BY wallet_id)
UPDATE bench_wallets w
SET current_balance = w.current_balance + s.amount, total_spent = w.total_spent - s.amount, ledger_sequence = w.ledger_sequence + s.events,
    updated_at = now()
FROM spent s WHERE w.id = s.wallet_id
"""


def fields(body):
    """The columns of one event, in the order of the statements' parameters."""
    event = json.loads(body)
    data = event["data"]
    moment = datetime.datetime.fromisoformat(event["time"].replace("Z", "+00:00"))
    return event["source"], event["id"], event["subject"], moment, data["quantity"], data["service"], json.dumps(data["metadata"])


class Worker:
    """What is still to do, and when it began and ended."""

    def __init__(self, count):
        self.left = count
        self.began = None
        self.ended = None
        self.finished = asyncio.Event()

    def done(self, events):
        self.left -= events
        self.ended = time.time()
        if self.left <= 0:
            self.finished.set()


async def one_by_one(worker, pool, waiting):
    async with pool.acquire() as connection:
        statement = await connection.prepare(SINGLE)
        while True:
            message = await waiting.get()
            await statement.fetch(*fields(message.body))
            await message.ack()
            worker.done(1)


async def batch_by_batch(worker, pool, waiting, limit):
    async with pool.acquire() as connection:
        statement = await connection.prepare(BATCHED)
        while True:
            messages = [await waiting.get()]
            while len(messages) < limit and not waiting.empty():
                messages.append(waiting.get_nowait())
            await statement.fetch(*zip(*(fields(message.body) for message in messages)))
            # One channel and one taker: everything up to the last of this batch is committed.
            await messages[-1].ack(multiple=True)
            worker.done(len(messages))


async def main(options):
    worker = Worker(options.count)
    takers = options.connections if options.batch == 1 else 1
    pool = await asyncpg.create_pool(os.environ["BENCH_DATABASE_URL"], min_size=takers, max_size=takers)
    connection = await aio_pika.connect(os.environ["BENCH_AMQP_URL"])
    channel = await connection.channel(publisher_confirms=False)
    await channel.set_qos(prefetch_count=max(64, 2 * options.batch))
    waiting = asyncio.Queue()

    async def take(message):
        if worker.began is None:
            worker.began = time.time()
        waiting.put_nowait(message)

    if options.batch == 1:
        tasks = [asyncio.create_task(one_by_one(worker, pool, waiting)) for _ in range(takers)]
    else:
        tasks = [asyncio.create_task(batch_by_batch(worker, pool, waiting, options.batch))]
    for name in QUEUES:
        queue = await channel.get_queue(name, ensure=False)
        await queue.consume(take)
    finished = asyncio.create_task(worker.finished.wait())
    # A taker ends only by an error, which must not leave the rest waiting for ever.
    await asyncio.wait([finished, *tasks], timeout=options.timeout, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        if task.done():
            task.result()
    if not finished.done():
        raise SystemExit(f"aiopika_worker: {worker.left} of {options.count} events did not come within {options.timeout} s")
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    events = options.count - worker.left
    figures = {"events": events, "began": worker.began, "ended": worker.ended, "rate": round(events / (worker.ended - worker.began))}
    figures["memory_kib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps(figures), flush=True)
    await connection.close()
    await pool.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--timeout", type=float, default=120)
    asyncio.run(main(parser.parse_args()))
