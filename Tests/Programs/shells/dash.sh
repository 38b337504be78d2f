#!/bin/dash
# dash: the scripts of Debian run in it.
# interpreter: dash
set -eu
x=$(printf 'a b\nc d\n' | while read -r one two; do echo "$two-$one"; done)
echo "$x"
f() { local v=inner; echo "$v ${1:-default} ${undefined-unset}"; }
f; f given
for i in 1 2 3; do [ "$i" = 2 ] && continue; echo "i=$i"; done
cat <<'QUOTED' | tr x y
no $expansion here x
QUOTED
trap 'echo cleanup; exit 4' TERM
(trap 'echo child got TERM; exit 7' TERM; kill -TERM $(sh -c 'echo $PPID'); sleep 1) || echo "subshell ended with $?"
{ echo out; echo err >&2; } 2>&1 >file | cat; cat file
exec 3>three; echo to-three >&3; exec 3>&-; cat three
set +e
false | true; echo "pipe status $?"
nosuchcommand 2>/dev/null; echo "missing: $?"
./three 2>/dev/null; echo "not executable: $?"
trap - TERM; sleep 5 & pid=$!; sleep 0.1; kill $pid; wait $pid; echo "wait says $?"
umask 027; : >masked; ls -l masked | cut -c1-10
eval 'a=1; b=2; echo $((a + b << 2))'
getopts ab: opt -b value; echo "$opt $OPTARG"
