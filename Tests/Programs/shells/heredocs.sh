#!/bin/bash
# bash: here-documents, here-strings, redirections of descriptors.
name=world
cat <<A
hello $name $(echo sub) $((2 ** 10)) \$literal
A
cat <<-'B'
	tabs stripped $name
	B
cat <<<"string $name"
while read -r -u 7 line; do echo "7: $line"; done 7<<C
first
second
C
exec {fd}>output; echo "to a named descriptor" >&$fd; exec {fd}>&-; cat output
big=$(printf 'x%.0s' {1..100000}); wc -c <<<"$big"
read -r -d '' block <<'D'
several
lines
D
echo "${block//$'\n'/|}"
exec 5<>readwrite; echo 0123456789 >&5; exec 5>&-; cat readwrite
echo discarded &>/dev/null; echo "kept" | tee /dev/stderr 2>&1 | sort
{ echo a; echo b >&2; } 2> >(sed 's/^/err: /' >errors; : >done); while [[ ! -e done ]]; do sleep 0.02; done; cat errors
diff <(printf '1\n2\n3\n') <(printf '1\n3\n4\n'); echo "diff $?"
paste <(seq 3) <(seq 4 6) <(seq 7 9)
wc -l < <(seq 12)
cat <(cat <(cat <(echo nested)))
