#!/bin/bash
# bash: job control in a script: set -m, fg, bg, wait -n, process groups, stopped jobs.
# needs: ps
set -m
sleep 0.3 & sleep 0.1 & wait -n; echo "first ended: $?"; wait; echo "all ended: $?"
(exit 3) & a=$!; (sleep 0.1; exit 4) & b=$!
wait $a; echo "a $?"; wait $b; echo "b $?"
sleep 100 & pid=$!
[[ $(ps -o pgid= -p $pid | tr -d ' ') == "$pid" ]] && echo "a group of its own"
kill -STOP $pid
for i in {1..50}; do [[ $(ps -o stat= -p $pid) == T* ]] && break; sleep 0.02; done
jobs | sed 's/ \+/ /g'
bg %1 >/dev/null; sleep 0.05; [[ $(ps -o stat= -p $pid) == S* ]] && echo running again
kill %1; wait $pid; echo "killed: $?"
(sleep 0.3; exit 6) & fg %% >/dev/null; echo "fg returned $?"
(sleep 0.2; exit 11) & (sleep 5; exit 12) & slow=$!
wait -n; echo "wait -n $?"; kill $slow; wait $slow; echo "slow $?"
wait -n 2>/dev/null; echo "none left: $?"
sh -c 'kill -STOP $$; exit 13' & p=$!
for i in {1..50}; do [[ $(ps -o stat= -p $p) == T* ]] && break; sleep 0.02; done
jobs -s | sed 's/ \+/ /g; s/-\?+\? *Stopped/ Stopped/'
fg %% >/dev/null; echo "continued: $?"
{ sleep 100 | sleep 100; } & q=$!; kill -- -$q; wait $q; echo "group killed: $?"
sleep 0.1 & wait -p which -n; [[ $which == "$!" ]] && echo "wait -p names it"
set +m; sleep 0.1 & disown; wait; echo disowned
