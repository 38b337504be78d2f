#!/bin/bash
# coreutils on text: sort, uniq, cut, join, comm, paste, tr, fmt, nl, od, sums, shuf, tsort, numfmt, date.
seq 1 5000 | shuf --random-source=<(yes) >numbers; sort -n numbers | head -n 3; sort --parallel=2 -S 1M -rn numbers | sha256sum
for i in $(seq 300); do echo "key$((i * 7919 % 100)) value$i"; done | sort -k1,1 -s >left; sort -u -k1,1 left | awk '{ print $1, NR }' >right
join left right | tail -n 2; comm -12 <(cut -d' ' -f1 left | uniq) <(cut -d' ' -f1 right) | wc -l; uniq -c <(cut -d' ' -f1 left) | head -n 2
paste -d, <(seq 3) <(seq 3 -1 1); tr -cd 'a-e' <<<"abcdefghi"; echo "long words make the line too wide for it" | fmt -w 20; nl -ba <<<"x"
printf 'Martlet' | od -An -tx1; printf 'x' | base64; echo aGVsbG8K | base64 -d; md5sum </dev/null; b2sum numbers | cut -c1-16; cksum numbers | cut -d' ' -f1
tac <(seq 3); rev <<<abc; expand <<<$'a\tb' | wc -c; fold -w 3 <<<abcdefg; head -c 5 numbers | wc -c; tail -n +4999 numbers | wc -l; wc numbers
printf 'a b\nb c\n' | tsort; numfmt --to=iec 1048576; date -u -d @1000000000 '+%F %T'; factor 600851475143; expr 6 \* 7; seq -s, 0 0.5 2
printf '%s\n' 10M 2K 1G | sort -h; csplit -s numbers 100 '{2}'; ls xx* | wc -l; env -i A=1 printenv A; nice -n 5 nice; basename /a/b.c .c; dirname /a/b
echo "echo \$0" | bash -s; nproc >/dev/null && echo nproc; tee one two <<<both | cat; cat one two; pr -2 -t <(seq 4); timeout 5 true; echo $?; stdbuf -oL echo line
(tail -f --pid=$$ -n 0 grow & echo $! >tailpid; sleep 0.3; echo grown >>grow; sleep 0.5; kill $(cat tailpid)) 2>/dev/null; yes no | head -n 2; nohup echo nohup 2>/dev/null
