#!/bin/bash
# util-linux, procps and others: flock, setsid, getopt, script, column, hexdump, ps, pgrep, file, diff, patch, bc, ed.
# needs: flock setsid getopt column hexdump pgrep file patch bc script
flock lock -c 'echo locked; flock -n lock true || echo "busy for others"'; flock -n lock echo free
setsid sh -c 'test "$(ps -o sid= -p $$ | tr -d " ")" = $$ && echo "own session"'; getopt -o ab: -l long -- -b value --long rest; printf 'a b\nccc d\n' | column -t; printf 'Martlet' | hexdump -C | head -n 1
sleep 20 & p=$!; pgrep -P $$ sleep | grep -qx $p && echo "pgrep finds it"; kill -0 $p && echo alive; pkill -P $$ sleep; wait $p; echo "ended $?"
ps -o args= -p $$ | grep -q bash && echo "ps shows bash"; ps -ef | awk -v p=$$ '$2 == p' | wc -l; [[ $(cat /proc/$$/comm) == bash ]] && tr '\0' ' ' </proc/$$/cmdline | cut -c1-5
printf '1\n2\n3\n' >a; printf '1\ntwo\n3\n' >b; diff -u a b >p; patch -s a p; cmp a b && echo patched; diff3 -m a b a; file -b a /bin/true | cut -c1-20; bc <<<'scale=20; 4*a(1)' -l; ed -s a <<<$'2s/two/2/\nw\nq'; cat a
script -qec 'tty >/dev/null && echo "on a terminal"; stty size' /dev/null </dev/null | tr -d '\r' | head -n 1; prlimit --nofile=64:64 bash -c 'ulimit -n'; taskset -c 0 nproc; renice -n 3 -p $$ >/dev/null && nice; uname -sm; hostname >/dev/null && echo hostname; cal 2 2000 2>/dev/null | head -n 1; mountpoint -q / && echo "root is mounted"; findmnt -n -o TARGET / ; id -u | grep -q '^[0-9]*$' && echo id; which bash; logger --version >/dev/null && echo; getconf PAGESIZE; ulimit -c 0; umask; date +%Z; free -b | awk '/Mem/ && $2 > 0 { print "memory" }'; uptime >/dev/null && echo uptime
