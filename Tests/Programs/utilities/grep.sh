#!/bin/bash
# grep: expressions, recursion, context, binary files, large input.
mkdir -p r/s; printf 'one\ntwo\nthree\nfour\n' >r/a; printf 'Two\nTWO twofold\n' >r/s/b; printf 'bin\0two\n' >r/c
grep -rn two r | sort; grep -ric two r | sort; grep -rl --include='[ab]' -w two r | sort; grep -A1 -B1 -n three r/a; grep -E '^(one|four)$' r/a; grep -P '(?<=t)w' r/a; grep -o 't[a-z]*' r/a
grep -v o r/a; grep -c . r/a; grep -q nothing r/a; echo "none: $?"; grep x missing 2>/dev/null; echo "missing: $?"; grep -a two r/c | tr -d '\0'; grep -F '.' r/a; echo "fixed: $?"; grep -m1 -n t r/a; grep -f <(echo four) r/a
seq 300000 | grep -c '[13]7$'; seq 100000 | grep -x 99999; echo 'äöü' | grep -o 'ö'; seq 1000 | grep -z 500 | wc -c; grep -L two -r r; zgrep two <(gzip -c r/a) 2>/dev/null || gzip -c r/a | zgrep two; fgrep -i TWO r/s/b 2>/dev/null; grep --color=always two r/a | od -c | head -n 2
