#!/bin/bash
# Python sqlite3: transactions, many rows, full text, backup, two connections.
# needs: python3
python3 - <<'PYTHON'
import sqlite3, threading
d = sqlite3.connect("db"); d.execute("create table t(id integer primary key, v text, n real)"); d.executemany("insert into t(v, n) values(?, ?)", ((f"value {i}", i / 7) for i in range(20000))); d.commit()
print(d.execute("select count(*), max(id), round(sum(n), 3) from t").fetchone(), d.execute("select v from t where id = 777").fetchone())
d.execute("create index i on t(v)"); print(d.execute("select count(*) from t where v like 'value 12%'").fetchone()); d.execute("create virtual table s using fts5(body)"); d.execute("insert into s values('the quick brown fox'), ('lazy dog')"); print(d.execute("select body from s where s match 'quick'").fetchall())
try:
    with d: d.execute("delete from t"); raise ValueError
except ValueError: print(d.execute("select count(*) from t").fetchone())
b = sqlite3.connect("backup"); d.commit(); d.backup(b); print(b.execute("pragma integrity_check").fetchone(), b.execute("select count(*) from t").fetchone())
o = sqlite3.connect("db", timeout=0.1, isolation_level=None); d.isolation_level = None; d.execute("begin immediate")
try: o.execute("begin immediate")
except sqlite3.OperationalError as e: print(e)
d.execute("rollback"); o.execute("begin immediate"); o.execute("delete from t where id > 10"); o.execute("commit"); print(d.execute("select count(*) from t").fetchone()); d.execute("vacuum"); print(d.execute("pragma journal_mode=wal").fetchone(), d.execute("pragma page_count").fetchone()[0] < 100)
def add(k):
    c = sqlite3.connect("db", timeout=30)
    for i in range(25):
        with c: c.execute("insert into t(v, n) values(?, ?)", (f"t{k}", i))
    c.close()
ts = [threading.Thread(target=add, args=(k,)) for k in range(4)]; [t.start() for t in ts]; [t.join() for t in ts]; print(d.execute("select v, count(*) from t where v like 't%' group by v").fetchall())
PYTHON
