"""The identities of domain.md 16, worked out from the tables by somebody who knows nothing of Purser's code."""

import collections
import hashlib
import struct

LEDGER = """
    SELECT h.wallet_id, h.sequence, h.type, h.amount, h.balance_after, h.outcome, h.reason, h.source, h.event_id, h.service,
           h.quantity, h.purchase_reference_id, (extract(epoch FROM h.occurred_at) * 1000000)::bigint,
           (extract(epoch FROM h.created_at) * 1000000)::bigint, h.description, h.metadata::text, h.draws, h.digest
    FROM token_balance_history h ORDER BY h.wallet_id, h.sequence
"""


def canonical(fields):
    """domain.md 4.5: each value as a 4-byte big-endian length and its text; null has the length -1."""
    parts = []
    for field in fields:
        if field is None:
            parts.append(struct.pack(">i", -1))
        else:
            data = str(field).encode()
            parts.append(struct.pack(">i", len(data)) + data)
    return b"".join(parts)


def draws(text):
    """[(lot number or "debt", tokens)] of the text in a row."""
    pairs = (part.split(":") for part in text.split(",")) if text else ()
    return [(source if source == "debt" else int(source), int(tokens)) for source, tokens in pairs]


class _Walk:
    """What the rows of one wallet add up to."""

    def __init__(self, organization):
        self.sequence = self.balance = 0
        self.digest = hashlib.sha256(organization.encode()).digest()
        self.totals = collections.Counter()
        self.lots, self.debt = collections.Counter(), 0
        self.last_recorded = -(1 << 62)


def problems(connection):
    """Every identity that does not hold, in words; an empty list when all is well."""
    found = []
    wallets = {row["id"]: row for row in connection.execute("SELECT * FROM organization_token_wallets").fetchall()}
    walks = {id: _Walk(wallet["organization_id"]) for id, wallet in wallets.items()}
    seen = set()
    with connection.transaction(), connection.cursor(name="ledger", row_factory=_tuples) as cursor:
        cursor.itersize = 20000
        for row in cursor.execute(LEDGER):
            if row[0] not in walks:
                found.append(f"rows of wallet {row[0]}, which does not exist")
                break
            found += _row(row, walks[row[0]], seen)
    for id, wallet in wallets.items():
        found += [f"{wallet['organization_id']}: {words}" for words in _wallet(wallet, walks[id], connection)]
    found += [*_holds(connection), *_debts(connection), *_refunds(connection)]
    return found[:20]


def _tuples(cursor):
    return tuple


def _row(row, walk, seen):
    wallet, sequence, type, amount, after = row[:5]
    place = f"wallet {wallet} row {sequence}"
    walk.sequence += 1
    if sequence != walk.sequence:
        yield f"{place}: the row before it is {walk.sequence - 1}"
        walk.sequence = sequence
    walk.balance += amount
    if after != walk.balance:
        yield f"{place}: balance_after {after}, the amounts add up to {walk.balance}"
        walk.balance = after
    walk.digest = hashlib.sha256(walk.digest + canonical(row[:17])).digest()
    if row[17] != walk.digest:
        yield f"{place}: the digest does not follow"
        walk.digest = row[17]
    if row[13] < walk.last_recorded:
        yield f"{place}: recorded before the row before it"
    walk.last_recorded = row[13]
    if type == "usage":
        if row[7:9] in seen:
            yield f"{place}: a second usage row of {row[7:9]}"
        seen.add(row[7:9])
    walk.totals[type] += amount
    drawn = draws(row[16])
    if type in ("usage", "usage_refund", "expiry") or (type == "adjustment" and amount < 0):
        sign = 1 if type == "usage_refund" else -1
        if sign * sum(tokens for _, tokens in drawn) != amount:
            yield f"{place}: the draws {row[16]} are not the amount {amount}"
        for source, tokens in drawn:
            if source == "debt":
                walk.debt -= sign * tokens
            else:
                walk.lots[source] += sign * tokens


def _wallet(wallet, walk, connection):
    wanted = {
        "ledger_sequence": walk.sequence,
        "current_balance": walk.balance,
        "ledger_digest": walk.digest,
        "total_purchased": walk.totals["purchase"],
        "total_spent": -walk.totals["usage"] - walk.totals["usage_refund"],
        "total_expired": -walk.totals["expiry"],
        "total_refunded": -walk.totals["purchase_refund"] - walk.totals["dispute"],
    }
    for column, value in wanted.items():
        if wallet[column] != value:
            yield f"{column} is {wallet[column]}, the ledger says {value}"
    lots = connection.execute("SELECT * FROM token_lots WHERE wallet_id = %s", [wallet["id"]]).fetchall()
    remaining, held = sum(lot["remaining"] for lot in lots), sum(lot["held"] for lot in lots)
    if remaining - wallet["overdraft_debt"] != wallet["current_balance"]:
        yield f"lots {remaining} minus debt {wallet['overdraft_debt']} is not the balance {wallet['current_balance']}"
    if held != wallet["held"]:
        yield f"held is {wallet['held']}, the lots say {held}"
    repaid = collections.Counter()
    # What a refund gives back to a lot that had repaid stands in the refund's own draws, and below 0 beside them.
    for row in connection.execute("SELECT lot_id, tokens FROM debt_repayments WHERE wallet_id = %s AND tokens > 0", [wallet["id"]]):
        repaid[row["lot_id"]] += row["tokens"]
    for lot in lots:
        number = lot["lot_id"]
        left = lot["granted"] + walk.lots[number] - repaid[number]
        if left != lot["remaining"]:
            yield f"lot {number} has {lot['remaining']} left, the draws leave {left}"
    if walk.debt - sum(repaid.values()) != wallet["overdraft_debt"]:
        yield f"the debt is {wallet['overdraft_debt']}, the draws say {walk.debt - sum(repaid.values())}"


def _holds(connection):
    pinned = collections.Counter()
    for row in connection.execute("SELECT wallet_id, hold_id, pinned, draws FROM token_holds WHERE status = 'open'"):
        parts = draws(row["draws"])
        if sum(tokens for _, tokens in parts) != row["pinned"]:
            yield f"hold {row['hold_id']}: pinned {row['pinned']}, its draws are {row['draws']}"
        for lot, tokens in parts:
            pinned[row["wallet_id"], lot] += tokens
    for lot in connection.execute("SELECT wallet_id, lot_id, held FROM token_lots"):
        wanted = pinned[lot["wallet_id"], lot["lot_id"]]
        if lot["held"] != wanted:
            yield f"lot {lot['lot_id']} of wallet {lot['wallet_id']}: held {lot['held']}, open holds pin {wanted}"


def _debts(connection):
    text = """
        SELECT w.organization_id, w.overdraft_debt, coalesce(sum(d.outstanding), 0) AS outstanding
        FROM organization_token_wallets w LEFT JOIN overdrawn_debits d ON d.wallet_id = w.id
        GROUP BY w.id HAVING w.overdraft_debt <> coalesce(sum(d.outstanding), 0)
    """
    for row in connection.execute(text):
        yield f"{row['organization_id']}: debt {row['overdraft_debt']}, debits outstanding {row['outstanding']}"
    text = """
        SELECT w.organization_id, w.overdraft_debt FROM organization_token_wallets w
        WHERE w.overdraft_debt > 0 AND EXISTS (
            SELECT FROM token_lots l WHERE l.wallet_id = w.id AND l.remaining > l.held AND NOT l.expiry_posted
                AND l.effective_at <= w.updated_at AND (l.expires_at IS NULL OR l.expires_at > w.updated_at))
    """
    for row in connection.execute(text):
        yield f"{row['organization_id']}: owes {row['overdraft_debt']} while unheld tokens are spendable"


def _refunds(connection):
    text = """
        SELECT r.wallet_id, r.debit_sequence, sum(r.tokens) AS tokens, -min(h.amount) AS debited
        FROM token_usage_refunds r JOIN token_balance_history h ON (h.wallet_id, h.sequence) = (r.wallet_id, r.debit_sequence)
        GROUP BY 1, 2 HAVING sum(r.tokens) > -min(h.amount)
    """
    for row in connection.execute(text):
        yield f"wallet {row['wallet_id']} row {row['debit_sequence']}: {row['tokens']} refunded of {row['debited']}"
