"""A Celery application with one task per usage event, as a team would write it today: late acknowledgement, a quorum queue, psycopg."""

import os

import psycopg
from celery import Celery
from celery.signals import worker_process_init
from kombu import Queue

QUEUE = "bench.celery"
STATEMENT = """
WITH fresh AS (
    INSERT INTO bench_ledger (wallet_id, amount, occurred_at, quantity, source, event_id, service, metadata)
    SELECT w.id, -%(quantity)s, %(time)s, %(quantity)s, %(source)s, %(id)s, %(service)s, %(metadata)s
    FROM bench_wallets w WHERE w.organization_id = %(subject)s
    ON CONFLICT (source, event_id) DO NOTHING RETURNING wallet_id, amount)
UPDATE bench_wallets w
SET current_balance = w.current_balance + f.amount, total_spent = w.total_spent - f.amount, ledger_sequence = w.ledger_sequence + 1,
    updated_at = now()
FROM fresh f WHERE w.id = f.wallet_id
"""

app = Celery("bench", broker=os.environ["BENCH_AMQP_URL"])
app.conf.update(
    task_queues=[Queue(QUEUE, routing_key=QUEUE, queue_arguments={"x-queue-type": "quorum"})],
    task_default_queue=QUEUE,
    task_default_exchange="",
    task_default_routing_key=QUEUE,
    task_ignore_result=True,
    task_acks_late=True,
    worker_prefetch_multiplier=64,
    worker_detect_quorum_queues=True,
    broker_transport_options={"confirm_publish": True},
)

connection = None


@worker_process_init.connect
def connect(**_):
    """A connection per worker process: libpq's handle does not survive the fork."""
    global connection
    connection = psycopg.connect(os.environ["BENCH_DATABASE_URL"], autocommit=True)


@app.task(name="usage")
def usage(event):
    """One event in one transaction: a single statement commits by itself."""
    data = event["data"]
    connection.execute(
        STATEMENT,
        {
            "id": event["id"],
            "source": event["source"],
            "subject": event["subject"],
            "time": event["time"],
            "service": data["service"],
            "quantity": data["quantity"],
            "metadata": psycopg.types.json.Json(data["metadata"]),
        },
        prepare=True,
    )
