#!/bin/bash
# sqlite3: WAL with two writers and a reader at a time, checkpoints, recovery after a killed writer.
# needs: sqlite3
sqlite3 db 'pragma journal_mode=wal; create table t(w, n);'
writer() { { echo '.timeout 30000'; for i in $(seq 200); do echo "begin immediate; insert into t values('$1', $i); commit;"; done; } | sqlite3 db; }
writer a & writer b & { for i in $(seq 20); do sqlite3 -cmd '.timeout 30000' db 'select count(*) from t' >/dev/null || echo "reader failed"; done; } & wait
sqlite3 db 'select w, count(*), sum(n) from t group by w order by w'; sqlite3 db 'pragma integrity_check; pragma wal_checkpoint(truncate);'; ls
(echo 'begin immediate; insert into t values("lost", 1);'; sleep 20) | sqlite3 db 2>/dev/null & sleep 0.5; pkill -9 -P $$ sqlite3 || kill -9 $!; pkill -P $$ sleep; sqlite3 -cmd '.timeout 5000' db 'insert into t values("after", 1); select w, count(*) from t group by w order by w' 
sqlite3 db 'with recursive c(x) as (select 1 union all select x + 1 from c where x < 200000) insert into t select "bulk", x from c; select count(*), sum(n) from t'; sqlite3 db "select * from t order by w, n" | md5sum; sqlite3 db 'vacuum into "copy"' && sqlite3 copy 'select count(*) from t'; sqlite3 :memory: 'select sqlite_version() > "3"'
