#!/bin/bash
# bash: pipelines, their statuses, coproc, lastpipe, large amounts through pipes.
# needs: bc
seq 1 200000 | grep 7 | sort -rn | head -n 3 | tr '\n' ' '; echo
yes | head -c 1000000 | wc -c
false | true | (exit 5); echo "${PIPESTATUS[@]}"
set -o pipefail; false | true; echo "pipefail $?"; set +o pipefail
shopt -s lastpipe; echo value | read -r got; echo "lastpipe: $got"
coproc DOUBLE { while read -r n; do echo $((n * 2)); done; }
for n in 4 21; do echo $n >&"${DOUBLE[1]}"; read -r answer <&"${DOUBLE[0]}"; echo "coproc $answer"; done
eval "exec ${DOUBLE[1]}>&-"; wait "$DOUBLE_PID" 2>/dev/null; echo "coproc ended $?"
head -c 3000000 /dev/zero | tr '\0' 'x' | tee >(wc -c >teed) | md5sum
for i in 1 2 3 4 5 6 7 8 9 10; do [[ -s teed ]] && break; sleep 0.05; done; cat teed
echo one >a; echo two >>a; cat <a; { echo x; echo y >&2; } >both 2>&1; cat both
for i in {1..40}; do echo $i | cat | cat | cat; done | paste -sd+ | bc
yes 2>/dev/null | head -n 1; echo "${PIPESTATUS[0]}"
mkfifo fifo; (seq 5 >fifo) & cat fifo; wait
