#!/bin/bash
# bash: arrays, maps, pattern substitution, arithmetic, regular expressions, globs, printf.
a=(one two "three four"); a+=(five); echo "${#a[@]} ${a[2]} ${a[@]:1:2}"
declare -A m=([x]=1 [y]=2); m[z]=3; for k in x y z; do echo -n "$k=${m[$k]} "; done; echo
mapfile -t lines < <(seq 3); echo "${lines[*]}"
s=path/to/file.tar.gz; echo "${s##*/} ${s%%.*} ${s/to/from} ${s^^} ${#s} ${s:5:2}"
[[ abc123 =~ ^([a-z]+)([0-9]+)$ ]] && echo "${BASH_REMATCH[1]} ${BASH_REMATCH[2]}"
echo $((0xff + 010 + 2#101)) $((7 / 2)) $((-7 % 3)) $((1 << 40))
printf '%05d|%-6s|%x|%q\n' 42 ab 255 'a b'
shopt -s extglob nullglob globstar
touch {a,b}{1,2}.txt; echo *.txt; echo !(a*) nothing*; mkdir -p d/e; touch d/e/f; echo **/f
unset 'a[1]'; echo "${!a[@]}"
IFS=: read -r u _ id rest <<<"root:x:0:0"; echo "$u $id $rest"
fib() { (($1 < 2)) && { echo "$1"; return; }; echo $(($(fib $(($1 - 1))) + $(fib $(($1 - 2))))); }; fib 9
select_sort() { local -n ref=$1; IFS=$'\n' ref=($(sort -n <<<"${ref[*]}")); }; n=(9 10 1); select_sort n; echo "${n[@]}"
echo "$BASH_SUBSHELL $(echo $BASH_SUBSHELL)"; (cd /tmp && pwd); for ((i = 0; i < 3; i++)); do echo -n $i; done; echo
x=5; ((x++ > 4)) && echo "x=$x"; let y=x*2; echo $y
case $s in *.tar.*) echo archive ;;& *.gz) echo compressed ;; esac
