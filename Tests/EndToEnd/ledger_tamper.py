"""What the database refuses to every program, and what purser ledger verify finds when a superuser does it nevertheless."""

import json

import psycopg

import _ledger
from _events import usage
from _purser import World
from _suite import Failed, Suite, equal, expect, wait_for

suite = Suite("tamper")
ROLES = [f"purser_{name}" for name in "auditor billing expiry forecaster gateway meter notifier operator scheduler topup".split()]
WRITERS = ["purser_meter", "purser_billing"]


def refused(world, role, text, *values, states):
    """That a statement is refused to a role with one of these SQLSTATEs. It is rolled back in any case."""
    with psycopg.connect(world.database_as(role)) as connection:
        try:
            # The auditor's sessions only read; he may turn that off, so it is not what stops him.
            connection.execute("SET TRANSACTION READ WRITE")
            cursor = connection.execute(text, values or None)
            connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
        except psycopg.Error as error:
            expect(error.sqlstate in states, f"{role}: {text[:60]}: {error.sqlstate} {error}")
            return
        finally:
            connection.rollback()
        raise Failed(f"{role} may: {text[:90]} ({cursor.rowcount} rows)")


RIGHTS, CHECKS = ("42501",), ("23514", "42501")


def register(world, organization):
    wallet = world.wallet(organization)["id"]

    @suite.test("4.4: no program's role updates, deletes or truncates the ledger")
    def _():
        for role in ROLES:
            refused(world, role, "UPDATE token_balance_history SET amount = amount + 1", states=RIGHTS)
            refused(world, role, "UPDATE token_balance_history SET reason = 'x' WHERE wallet_id = %s", wallet, states=RIGHTS)
            refused(world, role, "DELETE FROM token_balance_history WHERE wallet_id = %s", wallet, states=RIGHTS)
            refused(world, role, "TRUNCATE token_balance_history", states=RIGHTS)
            refused(world, role, "ALTER TABLE token_balance_history DISABLE TRIGGER ALL", states=RIGHTS)
            refused(world, role, "SET session_replication_role = replica", states=RIGHTS)
            refused(world, role, "DELETE FROM ledger_checkpoints", states=RIGHTS)

    @suite.test("4.4: not even a role that was given the rights changes it")
    def _():
        for text in (
            "UPDATE token_balance_history SET reason = reason",
            "DELETE FROM token_balance_history",
            "TRUNCATE token_balance_history",
        ):
            with psycopg.connect(world.database) as connection:
                connection.execute("GRANT ALL ON token_balance_history TO purser_operator")
                connection.execute("SET ROLE purser_operator")
                try:
                    connection.execute(text)
                    raise Failed(f"done: {text}")
                except psycopg.errors.InsufficientPrivilege as error:
                    expect("accepts only inserts" in str(error), f"refused for another reason: {error}")
                finally:
                    connection.rollback()

    @suite.test("3.8: no lot below zero, none held below zero or beyond what remains")
    def _():
        for role in ROLES:
            for change in ("remaining = -1", "held = -1", "held = remaining + 1", "remaining = granted + 1"):
                refused(world, role, f"UPDATE token_lots SET {change} WHERE wallet_id = %s", wallet, states=CHECKS)

    @suite.test("3.8: no debt above the limit, no held tokens beyond the lots")
    def _():
        for role in ROLES:
            for change in ("overdraft_debt = 101", "overdraft_debt = -1", "held = -1", "held = current_balance + overdraft_debt + 1"):
                refused(world, role, f"UPDATE organization_token_wallets SET {change} WHERE id = %s", wallet, states=CHECKS)

    @suite.test("3.8: no sequence that jumps, repeats, or does not follow the balance")
    def _():
        for role in WRITERS:
            for change in ("sequence = l.sequence + 2", "sequence = l.sequence", "sequence = l.sequence + 1, balance_after = 7"):
                refused(world, role, insertion(change), wallet, states=("23514", "23505"))
        for role in set(ROLES) - set(WRITERS):
            refused(world, role, insertion("sequence = l.sequence + 1"), wallet, states=RIGHTS)

    @suite.test("2: words that are not in the lists are refused")
    def _():
        for role in WRITERS:
            refused(world, role, insertion("type = 'gift'"), wallet, states=CHECKS)
            refused(world, role, insertion("outcome = 'free'"), wallet, states=CHECKS)
            refused(world, role, "UPDATE organization_token_wallets SET status = 'closed'", states=CHECKS)
        refused(world, "purser_meter", "UPDATE organization_token_wallets SET organization_id = 'other'", states=RIGHTS)

    @suite.test("a ledger as the programs left it is clean")
    def _():
        world.check_identities()

    _tampering(world, organization, wallet)


def insertion(change):
    """An insert of a row that follows the wallet's last one, but for the change."""
    columns = {"sequence": "l.sequence + 1", "type": "'usage'", "amount": "0", "balance_after": "l.balance_after", "outcome": "'rejected'"}
    columns |= {"reason": "'insufficient_tokens'", "source": "'/tamper'", "event_id": "'x'", "service": "'s'", "quantity": "1"}
    columns |= {"occurred_at": "now()", "created_at": "now()", "digest": "l.digest"}
    columns |= dict(part.split(" = ") for part in change.split(", "))
    names, values = ", ".join(columns), ", ".join(columns.values())
    last = "SELECT * FROM token_balance_history WHERE wallet_id = %s ORDER BY sequence DESC LIMIT 1"
    return f"INSERT INTO token_balance_history (wallet_id, {names}) SELECT l.wallet_id, {values} FROM ({last}) l"


def _tampering(world, organization, wallet):
    def tampered(title, sequence, *texts):
        """As superuser with the triggers off: found at this row, and clean again when it is undone."""

        @suite.test(f"4.5: {title} is named at its row by purser ledger verify")
        def _():
            with psycopg.connect(world.database) as connection:
                connection.execute("SET session_replication_role = replica")
                connection.execute("CREATE TABLE kept_ledger AS SELECT * FROM token_balance_history")
                connection.execute("CREATE TABLE kept_wallets AS SELECT * FROM organization_token_wallets")
                for text in texts:
                    connection.execute(text, {"wallet": wallet})
            try:
                done = world.purser("ledger", "verify", "--json")
                equal(done.returncode, 1, f"the exit code of ledger verify ({done.stdout}{done.stderr})")
                named = findings(done.stdout)
                equal(named, [(organization, sequence)], f"what is named in {done.stdout}")
                expect(_ledger.problems(world.db()), "the independent check finds nothing")
                said = world.purser("ledger", "verify")
                expect(organization in said.stdout and str(sequence) in said.stdout, f"not said in words: {said.stdout}")
            finally:
                with psycopg.connect(world.database) as connection:
                    connection.execute("SET session_replication_role = replica")
                    for table, kept in (("token_balance_history", "kept_ledger"), ("organization_token_wallets", "kept_wallets")):
                        connection.execute(f"DELETE FROM {table}")
                        connection.execute(f"INSERT INTO {table} SELECT * FROM {kept}")
                        connection.execute(f"DROP TABLE {kept}")
            world.purser_ok("ledger", "verify")

    row = "UPDATE token_balance_history SET {} WHERE wallet_id = %(wallet)s AND sequence = {}".format
    move = "UPDATE token_balance_history SET sequence = {} WHERE wallet_id = %(wallet)s AND sequence = {}".format
    swap = [move(100000, 5), move(5, 6), move(6, 100000)]
    tampered("a changed amount", 5, row("amount = amount - 1", 5))
    tampered("a changed reason", 4, row("reason = 'late'", 4))
    tampered("a changed time", 7, row("occurred_at = occurred_at + interval '1 us'", 7))
    tampered("changed draws", 3, row("draws = '1:1,1:0'", 3))
    tampered("changed metadata", 6, row("metadata = '{\"a\": 2}'", 6))
    tampered("a changed source", 8, row("source = '/other'", 8))
    tampered("a changed digest", 4, row("digest = sha256('x')", 4))
    tampered("a removed row", 5, "DELETE FROM token_balance_history WHERE wallet_id = %(wallet)s AND sequence = 5")
    tampered(
        "an inserted row",
        5,
        "UPDATE token_balance_history SET sequence = sequence + 1000 WHERE wallet_id = %(wallet)s AND sequence >= 5",
        "UPDATE token_balance_history SET sequence = sequence - 999 WHERE wallet_id = %(wallet)s AND sequence >= 1005",
        """INSERT INTO token_balance_history (wallet_id, sequence, type, amount, balance_after, outcome, reason, source, event_id, service,
               quantity, occurred_at, created_at, digest)
           SELECT wallet_id, 5, type, 0, balance_after, 'shadow', NULL, source, 'inserted', service, quantity, occurred_at, created_at,
               digest
           FROM token_balance_history WHERE wallet_id = %(wallet)s AND sequence = 4""",
    )
    tampered("two swapped rows", 5, *swap)
    tampered("a cut-off tail", 21, "DELETE FROM token_balance_history WHERE wallet_id = %(wallet)s AND sequence >= 21")
    tampered(
        "a cut-off tail whose wallet was set back too",
        21,
        "INSERT INTO ledger_checkpoints SELECT now(), id, ledger_sequence, current_balance, ledger_digest FROM organization_token_wallets",
        "DELETE FROM token_balance_history WHERE wallet_id = %(wallet)s AND sequence >= 21",
        """UPDATE organization_token_wallets w SET ledger_sequence = 20, ledger_digest = h.digest, current_balance = h.balance_after
           FROM token_balance_history h WHERE w.id = %(wallet)s AND h.wallet_id = w.id AND h.sequence = 20""",
    )
    # Last: the checks of words do not come back.
    words = "ALTER TABLE token_balance_history DROP CONSTRAINT IF EXISTS token_balance_history_{}_check".format
    free = [words("type"), words("outcome"), words("amount"), words("reason")]
    tampered("a type that is no word of ours", 5, *free, row("type = 'hacked'", 5))
    tampered("an outcome that is no word of ours", 1, *free, row("outcome = 'hacked'", 1))


def findings(said):
    """(organization, sequence) of each finding in the JSON answer."""
    answer = json.loads(said)
    return [(each.get("organization"), each.get("sequence")) for each in answer["findings"]]


def main():
    with World("tamper") as world:
        programs = [world.billing(), world.meter()]
        world.purser_ok("rates", "load", "ops/demo-rates.json")
        other, organization, third = world.organization(100), world.organization(1000, overdraft_limit=100), world.organization(100)
        wait_for("the rates", lambda: world.value("SELECT count(*) FROM service_rates") == 6)
        for each in (other, organization, third):
            events = [usage(each, "copilot_chat", n + 1, metadata={"n": n}) for n in range(24)]
            world.publish(*events)
            for event in events:
                world.recorded(event)
        for program in programs:
            program.stop()
        register(world, organization)
        suite.run_all()
    suite.finish()


main()
