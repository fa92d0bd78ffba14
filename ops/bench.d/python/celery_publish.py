"""Puts usage tasks into the Celery worker's queue: `celery_publish.py COUNT WALLETS`. Not measured."""

import datetime
import random
import sys
import uuid

from celery_worker import app, usage


def event(number, wallets):
    """A usage event of the shape and about the size that the C producer makes."""
    return {
        "specversion": "1.0",
        "id": f"{number:010d}{uuid.uuid4().hex[:16]}",
        "source": "/celery",
        "type": "usage.recorded",
        "subject": f"org-{random.randrange(wallets)}",
        "time": datetime.datetime.now(datetime.timezone.utc).isoformat(),
        "datacontenttype": "application/json",
        "data": {"service": "bench.call", "quantity": 1, "metadata": {"note": "x" * 30}},
    }


count, wallets = int(sys.argv[1]), int(sys.argv[2])
with app.producer_or_acquire() as producer:
    # Confirms are waited for one by one in this library: the last one of many would tell nothing about the others.
    for number in range(count):
        usage.apply_async((event(number, wallets),), producer=producer)
