#!/bin/busybox sh
# busybox as a static shell: pipelines, functions, loops, arithmetic, here-documents, applets.
# needs: busybox
# interpreter: busybox sh
set -u
greet() { echo "hello $1 from function"; }
greet world
i=0
while [ $i -lt 5 ]; do echo "line $i"; i=$((i + 1)); done | sed 's/line/row/' | sort -r | tr a-z A-Z
cat <<END
here $((6 * 7)) and $(echo nested | rev)
END
mkdir -p a/b/c && echo text >a/b/c/file && cp -r a copy && find copy -type f | sort
ln -s file a/b/c/link && readlink a/b/c/link && cat a/b/c/link
tar cf all.tar a && tar tf all.tar | sort
gzip -c all.tar | gunzip | cmp - all.tar && echo same
seq 1 100 | awk '{ s += $1 } END { print s }'
printf '%s\n' b a c | sort | uniq -c | awk '{ print $2 }'
(exit 3) || echo "status $?"
trap 'echo trapped' EXIT
sleep 0.05 & wait $! && echo waited
set -- one two three; shift; echo "$# $*"
case abc in a*) echo matched ;; esac
echo "$(md5sum <all.tar | wc -c) characters"
sh -c 'kill -9 $$'; echo "killed: $?"
