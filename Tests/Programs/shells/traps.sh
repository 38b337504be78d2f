#!/bin/bash
# bash: traps, signals to itself and to children, EXIT and ERR and DEBUG.
trap 'echo "got USR1"' USR1
trap 'echo "exit trap, status $?"' EXIT
kill -USR1 $$
(trap 'echo "child TERM"; exit 9' TERM; kill -TERM $BASHPID; sleep 5); echo "child ended $?"
bash -c 'kill -INT $$'; echo "INT: $?"
bash -c 'ulimit -c 0; kill -SEGV $$' 2>/dev/null; echo "SEGV: $?"
bash -c 'trap "" TERM; kill -TERM $$; echo survived'
trap 'echo "ERR at $LINENO"' ERR; false; trap - ERR
trap 'count=$((count + 1))' DEBUG; count=0; :; :; trap - DEBUG; echo "debug ran $count times"
sleep 10 & child=$!
trap 'echo "interrupting wait"; kill $child' ALRM
(sleep 0.2; kill -ALRM $$) &
wait $child; echo "wait returned $?"
wait $child; echo "child was $?"
trap 'echo hup' HUP; trap -p HUP
bash -c 'trap "echo inner exit" EXIT; exec true'; echo "exec: $?"
for s in HUP INT QUIT ILL ABRT KILL PIPE TERM STKFLT; do bash -c "ulimit -c 0; kill -$s \$\$" 2>/dev/null; echo "$s $?"; done
timeout 0.2 sleep 5; echo "timeout $?"
timeout -s KILL 0.2 sleep 5; echo "killed $?"
(sleep 0.1; kill -CONT $$) & suspend 2>/dev/null || echo "no suspend without job control"; wait
